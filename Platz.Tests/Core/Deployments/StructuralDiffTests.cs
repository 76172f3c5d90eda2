using System.Text.Json.Nodes;
using Platz.Core.Deployments;

namespace Platz.Tests.Core.Deployments;

public sealed class StructuralDiffTests
{
    [Theory]
    [InlineData("""["a", "b", "c"]""", """["a", "x", "b", "c"]""", "+ l[1] \"x\"")]
    [InlineData("""["a", "b", "c"]""", """["a", "c"]""", "- l[1] \"b\"")]
    [InlineData("""["a", "b"]""", """["a", "c"]""", "~ l[1] \"b\" \"c\"")]
    [InlineData("""["a", "b"]""", """["b", "a"]""", "- l[0] \"a\", + l[1] \"a\"")]
    [InlineData("""[{"n": 1, "v": 1}, {"n": 2}]""", """[{"n": 1, "v": 9}, {"n": 2}]""", "~ l[0].v 1 9")]
    [InlineData("""[[1], [2]]""", """[[1], [2, 3]]""", "+ l[1][1] 3")]
    [InlineData("""["a"]""", "\"a\"", "~ l [\"a\"] \"a\"")]
    [InlineData("null", """{"a": {"b": 1}, "c": {}}""", "+ l.a.b 1, + l.c {}")]
    [InlineData("""{"a": 1, "b.c": 2}""", "null", "- l.a 1, - l.b.c 2")]
    [InlineData("null", """["a", "b"]""", "+ l [\"a\",\"b\"]")]
    [InlineData("null", """[{"a": 1}]""", "+ l[0] {\"a\":1}")]
    public void Arrays_and_objects_are_compared_to_where_they_differ(string before, string after, string changes) =>
        Assert.Equal(changes, Words(before, after));

    [Fact]
    public void A_mask_is_not_looked_into() =>
        Assert.Equal("~ l[0] {\"$sensitive\":true} \"x\"", Words("""[{"$sensitive": true}]""", """["x"]"""));

    [Fact]
    public void Long_arrays_are_compared_place_by_place()
    {
        var before = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)i)]);
        var after = before.DeepClone().AsArray();
        after[500] = -1;

        Assert.Equal("~ l[500] 500 -1", Words(before.ToJsonString(), after.ToJsonString()));
    }

    [Theory]
    [InlineData("a.b", "a", "b")]
    [InlineData(@"a\.b.c\\d", "a.b", @"c\d")]
    public void A_path_is_read_back_into_its_keys(string path, params string[] keys) =>
        Assert.Equal(keys, ConfigDiff.Keys(path));

    private static string Words(string before, string after)
    {
        var (old, now) = (JsonNode.Parse(before), JsonNode.Parse(after));
        var changes = StructuralDiff.Of(new ConfigChange("l", ConfigDiff.Kind(old, now), old, now));
        return string.Join(", ", changes.Select(change =>
            $"{Mark(change.Kind)} {Path(change.Path)}{Word(change.Old)}{Word(change.New)}"));
    }

    private static string Path(IReadOnlyList<PathStep> path) =>
        string.Concat(path.Select(step => step.Key is { } key ? $".{key}" : $"[{step.Index}]"))[1..];

    private static string Word(JsonNode? value) => value is null ? "" : $" {value.ToJsonString()}";

    private static char Mark(ConfigChangeKind kind) => kind switch
    {
        ConfigChangeKind.Added => '+',
        ConfigChangeKind.Removed => '-',
        _ => '~',
    };
}
