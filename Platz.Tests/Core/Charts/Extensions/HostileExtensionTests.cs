using System.Diagnostics;
using Platz.Core.Charts;

namespace Platz.Tests.Core.Charts.Extensions;

/// <summary>Files made to hurt whoever reads them.</summary>
public sealed class HostileExtensionTests
{
    public static TheoryData<string, string> Hostile => new()
    {
        { new string('[', 100_000), "line 1: The values are nested more than 64 levels deep here." },
        { string.Concat(Enumerable.Repeat("a: {", 20_000)), "line 1: " },
        { Bomb(), "aliases (*name) repeat" },
        { "a: &a [*a]", "line 1: There is no &a above that *a could repeat." },
        { "a: &a 1\nb: [" + string.Join(", ", Enumerable.Repeat("*a", 101)) + "]",
            "line 2: More than 100 aliases (*name) are used." },
        { "kind: a\nkind: b", "line 2: The key \"kind\" is here twice." },
        { "a: !!binary aGk=", "line 1: Tags (words that start with !) are not accepted." },
        { "a: !<tag:yaml.org,2002:str> b", "line 1: Tags" },
        { "<<: { a: b }", "line 1: A key must be plain text: no list, no mapping, no &, * or <<." },
        { "? [a]\n: b", "line 1: A key must be plain text" },
        { "a: b\n---\na: b", "line 2: There is a second document here" },
        { "a: b\nc: \0", "line 2: There is a NUL character (U+0000) here." },
        { "a: \"\\0\"", "line 1: This text contains a character that cannot be stored." },
        { "a: \ud800", "line 1: There is half a character (U+D800) here" },
        { "a: .inf", "line 1: .inf is no number that can be used." },
        { "a: 1e999", "line 1: 1e999 is no number that can be used." },
        { "a: 0xffffffffffffffff", "line 1: 0xffffffffffffffff is no number that can be used." },
        { "a: [b\nc: d", "line " },
        { "a:\n\tb: c", "line 2: This line is indented with a tab." },
        { "a: 'b", "line 1: The quote that opens here is never closed." },
        { "a: [" + string.Join(",", Enumerable.Repeat("1", 60_000)) + "]", "line 1: There are more than 50,000 values" },
    };

    public static TheoryData<string, string> HostileJson => new()
    {
        { "", "line 1: This is not JSON" },
        { "{ \"a\": 1,\n }", "line 2: This is not JSON" },
        { "{}\n{}", "line 2: This is not JSON" },
        { "// no\n{}", "line 1: This is not JSON" },
        { new string('[', 100_000), "line 1: This is not JSON" },
        { "{ \"a\": 1,\n\"a\": 2 }", "line 2: The key \"a\" is here twice." },
        { "{ \"a\": \"\\u0000\" }", "line 1: This text contains a character that cannot be stored." },
        { "{ \"a\": \"\\ud800\" }", "line 1: This text contains a character that cannot be stored." },
        { "{ \"a\": 1e999 }", "line 1: This number is too large." },
        { "null", "line 1: The file is empty." },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_YAML_is_refused_with_its_line(string yaml, string reason) =>
        AssertRefused("platz/values-ui.yaml", reason, () => Schemas.Form(yaml));

    [Theory]
    [MemberData(nameof(HostileJson))]
    public void Hostile_JSON_is_refused_with_its_line(string json, string reason) =>
        AssertRefused("values.ui.json", reason, () => Schemas.Legacy(valuesUi: json));

    [Fact]
    public void A_file_too_large_is_not_even_looked_at() => Assert.Equal(
        "platz/values-ui.yaml is larger than 256 KiB.",
        Schemas.Broken(() => Schemas.Form(new string(' ', (256 << 10) + 1))));

    private static void AssertRefused(string file, string reason, Action read)
    {
        var began = Stopwatch.GetTimestamp();

        var broken = Assert.Throws<BrokenChartException>(read);

        Assert.StartsWith($"{file}, line ", broken.Message);
        Assert.Contains(reason, broken.Message);
        Assert.InRange(broken.Message.Length, 1, 300);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    private static string Bomb() => string.Join('\n', Enumerable.Range(0, 9).Select(i =>
        $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat(i == 0 ? "lol" : $"*a{i - 1}", 9))}]"));
}
