using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("a: 1\nb: \0\n", 2, 4, "NUL")]
    [InlineData("\uFEFFa: 1\n", 1, 1, "byte order mark")]
    [InlineData("a: \u001b[0m\n", 1, 4, "control character (U+001B)")]
    [InlineData("a:\n\tb: 1\n", 2, 1, "tab")]
    [InlineData("a:\n  b: 1\n  \tc: 1\n", 3, 3, "tab")]
    [InlineData("a: b: c\n", 1, 5, "quotes")]
    [InlineData("a: 1\n b: 2\n", 2, 3, "indentation")]
    [InlineData("a:\n  b: 1\n c: 2\n", 3, 2, "indentation")]
    [InlineData("a: 'x\nb: 2\n", 1, 4, "never closed")]
    [InlineData("a: [1, 2\n", 2, 1, "not closed")]
    [InlineData("key: [a\nb: c\n", 2, 1, "not closed")]
    [InlineData("a:\n  u *j: 1\n", 2, 3, "quotes")]
    [InlineData("a: @x\n", 1, 4, "cannot start with this character")]
    [InlineData("a: 1\na: 2\n", 2, 1, "line 1 already")]
    [InlineData("no: 1\nfalse: 2\n", 2, 1, "\"false\" is here twice")]
    [InlineData("1: a\n'1': b\n", 2, 1, "twice")]
    [InlineData("a: 1\n---\nb: 1\n", 2, 1, "second document")]
    [InlineData("a: 1\n...\nb: 1\n", 3, 1, "second document")]
    [InlineData("a: !!str 1\n", 1, 4, "Tags")]
    [InlineData("a: ! 1\n", 1, 4, "Tags")]
    [InlineData("a: !<tag:yaml.org,2002:js/function> x\n", 1, 4, "Tags")]
    [InlineData("a: *b\n", 1, 4, "no &b above")]
    [InlineData("a: &a [*a]\n", 1, 8, "contains itself")]
    [InlineData("a: .nan\n", 1, 4, "no number")]
    [InlineData("a: \"x\\0\"\n", 1, 4, "NUL")]
    [InlineData("null: 1\n", 1, 1, "cannot be a key")]
    [InlineData("? [a]\n: b\n", 1, 3, "cannot be a key")]
    [InlineData("a: {<<: 3}\n", 1, 9, "merged")]
    [InlineData("- a\n", 1, 1, "mapping")]
    [InlineData("just text\n", 1, 1, "mapping")]
    [InlineData("a\nb: 1\n", 2, 2, "key")]
    [InlineData("%YAML 1.2\n---\na: 1\n", 1, 1, "YAML 1.1")]
    public void A_mistake_is_named_with_its_place(string yaml, int line, int column, string words)
    {
        var invalid = Assert.IsType<YamlResult.Invalid>(YamlText.ParseObject(yaml));

        Assert.Equal((line, column), (invalid.Line, invalid.Column));
        Assert.Contains(words, invalid.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n# nothing\n")]
    public void Text_without_values_is_an_empty_mapping(string yaml) => Assert.Empty(Parsed(yaml));

    [Fact]
    public void Half_a_surrogate_pair_is_named_with_its_place()
    {
        var invalid = Refused("a: 😀x\uD83D\n");

        Assert.Equal((1, 7), (invalid.Line, invalid.Column));
        Assert.Contains("half a character", invalid.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_not()
    {
        Assert.Single(Parsed("a: " + new string('[', 63) + new string(']', 63)));
        Assert.Contains("64", Refused($"a: {new string('[', 65)}").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_counts_what_an_alias_brings_along()
    {
        var half = new string('[', 40) + new string(']', 40);

        Assert.Equal(2, Refused($"a: &a {half}\nb: {new string('[', 40)}*a{new string(']', 40)}\n").Line);
    }

    [Fact]
    public void Two_hundred_fifty_six_kibibytes_are_read_and_one_byte_more_is_not()
    {
        var text = $"a: {new string('x', YamlText.MaxBytes - 4)}\n";

        Assert.Single(Parsed(text));
        Assert.Contains("256 KiB", Refused(text + "#").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_aliases_are_read_and_one_more_is_not()
    {
        Assert.Equal(2, Parsed(Aliases(100)).Count);
        Assert.Contains("100", Refused(Aliases(101)).Message, StringComparison.Ordinal);

        static string Aliases(int count) => $"a: &a 1\nb: [{string.Join(',', Enumerable.Repeat("*a", count))}]\n";
    }

    public static TheoryData<string, string> Bombs => new()
    {
        { "open brackets", new string('[', 100_000) },
        { "open braces", new string('{', 200_000) },
        { "nested dashes", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "nine levels of aliases", "l0: &l0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"l{i}: &l{i} [{string.Join(',', Enumerable.Repeat($"*l{i - 1}", 9))}]\n")) },
        { "a long text repeated", $"a: &a {new string('x', 200_000)}\nb: [{string.Join(',', Enumerable.Repeat("*a", 90))}]\n" },
        { "too many values", "a: [" + string.Concat(Enumerable.Repeat("1,", 60_000)) + "]\n" },
        { "50 MB of text", new string('x', 50_000_000) },
        { "only quotes", new string('\'', 200_001) },
        { "unclosed", "a: \"" + new string('x', 200_000) },
        { "question marks", string.Concat(Enumerable.Repeat("? ", 100_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs), DisableDiscoveryEnumeration = true)]
    public void A_bomb_is_refused_cheaply(string name, string yaml)
    {
        YamlText.ParseObject("warm: up");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        Refused(yaml);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000_000, name);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{name} took {watch.Elapsed}"); // usually < 100 ms
    }

    [Fact]
    public void Ten_thousand_anchors_are_just_values() =>
        Assert.Equal(10_000, Parsed(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}: &x{i} 1\n"))).Count);

    [Fact]
    public void An_alias_is_a_copy_of_its_own()
    {
        var values = Parsed("a: &x {v: 1}\nb: *x\n");
        values["a"]!["v"] = 2;

        Assert.Equal("""{"v":1}""", values["b"]!.ToJsonString());
    }

    [Fact]
    public void Values_are_written_the_way_people_write_them()
    {
        var values = JsonNode.Parse("""
            {"replicas":2,"image":{"repository":"ghcr.io/org/app","tag":"1.10","pull":"no"},"hosts":["a.example.com",{"host":"b: c","tls":true}],
             "empty":{},"none":[],"nothing":null,"notes":"first\nsecond\n","script":"a\nb",
             "date":"2001-01-01","odd":" x"}
            """);

        Assert.Equal("""
            replicas: 2
            image:
              repository: ghcr.io/org/app
              tag: "1.10"
              pull: "no"
            hosts:
              - a.example.com
              - host: "b: c"
                tls: true
            empty: {}
            none: []
            nothing: null
            notes: |
              first
              second
            script: |-
              a
              b
            date: 2001-01-01
            odd: " x"

            """, YamlText.Write(values));
    }

    private static JsonObject Parsed(string yaml) => Assert.IsType<YamlResult.Parsed>(YamlText.ParseObject(yaml)).Value;

    private static YamlResult.Invalid Refused(string yaml) =>
        Assert.IsType<YamlResult.Invalid>(YamlText.ParseObject(yaml));
}
