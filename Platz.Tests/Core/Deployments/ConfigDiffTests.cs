using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using static Platz.Core.Deployments.ConfigChangeKind;

namespace Platz.Tests.Core.Deployments;

public sealed class ConfigDiffTests
{
    [Theory]
    [InlineData("""{"a":1,"c":{"x":1,"y":2}}""", """{"a":2,"c":{"x":1,"y":3},"d":true}""", """{"a":[1,2],"c.y":[2,3],"d":[null,true]}""")]
    [InlineData("""{"a":1}""", """{"a":1}""", "{}")]
    [InlineData("{}", "{}", "{}")]
    [InlineData("""{"a":1}""", "{}", """{"a":[1,null]}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":2}""", """{"a":[{"b":1},2]}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3]}""", """{"a":[[1,2],[1,3]]}""")]
    [InlineData("""{"a":[{"x":1,"y":2}]}""", """{"a":[{"y":2,"x":1}]}""", "{}")]
    [InlineData("""{"a":{"b":{}}}""", """{"a":{"b":{"c":{"d":1}}}}""", """{"a.b.c":[null,{"d":1}]}""")]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "{}")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", """{"a":[1,"1"]}""")]
    [InlineData("""{"a":1}""", """{"a":null}""", """{"a":[1,null]}""")]
    [InlineData("{}", """{"a":null}""", """{"a":[null,null]}""")]
    [InlineData("""{"a":null}""", """{"a":null}""", "{}")]
    public void The_difference_has_the_form_tasks_carry(string before, string after, string delta) =>
        Assert.Equal(delta, ConfigDiff.Between(Object(before), Object(after)).ToJsonString());

    [Theory]
    [InlineData("""{"p":{"$sealed":"AQ=="}}""", """{"p":{"$sealed":"AQ=="}}""", "{}")]
    [InlineData("""{"p":{"$sealed":"AQ=="}}""", """{"p":{"$sealed":"Ag=="}}""", """{"p":[{"$sensitive":true},{"$sensitive":true}]}""")]
    [InlineData("{}", """{"p":{"$sealed":"Ag=="}}""", """{"p":[null,{"$sensitive":true}]}""")]
    [InlineData("""{"p":{"$sealed":"AQ=="}}""", "{}", """{"p":[{"$sensitive":true},null]}""")]
    [InlineData("""{"p":{"x":1}}""", """{"p":{"$sealed":"Ag=="}}""", """{"p":[{"x":1},{"$sensitive":true}]}""")]
    [InlineData("{}", """{"p":[{"q":{"$sealed":"Ag=="}}]}""", """{"p":[null,[{"q":{"$sensitive":true}}]]}""")]
    public void A_sealed_value_is_shown_masked(string before, string after, string delta) =>
        Assert.Equal(delta, ConfigDiff.Between(Object(before), Object(after)).ToJsonString());

    [Fact]
    public void A_dot_in_a_key_is_told_from_nesting()
    {
        var delta = ConfigDiff.Between([], Object("""{"a.b":1,"c\\.d":2}"""));
        var nested = ConfigDiff.Between(Object("""{"a":{}}"""), Object("""{"a":{"b":1}}"""));

        Assert.Equal([@"a\.b", @"c\\\.d"], delta.Select(pair => pair.Key));
        Assert.Equal(["a.b"], nested.Select(pair => pair.Key));
    }

    [Fact]
    public void The_difference_shares_nothing_with_the_configs()
    {
        var after = Object("""{"a":{"b":1}}""");
        var delta = ConfigDiff.Between([], after);
        after["a"]!["b"] = 2;

        Assert.Equal("""{"a":[null,{"b":1}]}""", delta.ToJsonString());
    }

    [Fact]
    public void Changes_are_read_by_path_with_their_kind()
    {
        var changes = ConfigDiff.Read(Object("""{"z":[null,true],"c.y":[2,3],"b":[1,null],"n":[null,null],"odd":7}"""));

        Assert.Equal(
            [("b", Removed), ("c.y", Changed), ("n", Changed), ("z", Added)], changes.Select(c => (c.Path, c.Kind)));
        Assert.Equal(("2", "3"), (changes[1].Old!.ToJsonString(), changes[1].New!.ToJsonString()));
        Assert.Empty(ConfigDiff.Read(null));
    }

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
