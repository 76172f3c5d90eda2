using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

public sealed class OutputPathTests
{
    [Theory]
    [InlineData("""[["a","[=]","k1"],["a","[=]","k2"],["a","[+]","k1"],["a","[1]","k2"]]""",
        """{"a":[{"k1":1,"k2":2},{"k1":3,"k2":4}]}""")]
    [InlineData("""[["b","[2]"]]""", """{"b":[null,null,1]}""")]
    [InlineData("""[["b","[2]"],["b","[0]","k"]]""", """{"b":[{"k":2},null,1]}""")]
    [InlineData("""[["a","b","c"],["a","b","d"]]""", """{"a":{"b":{"c":1,"d":2}}}""")]
    [InlineData("""[["a","[+]"],["a","[+]"],["a","[=]"]]""", """{"a":[1,3]}""")]
    [InlineData("""[["a","[=]"]]""", """{"a":[1]}""")]
    [InlineData("""[["a","[+]","[+]"],["a","[=]","[+]"]]""", """{"a":[[1,2]]}""")]
    [InlineData("""[["a","b"],["a"]]""", """{"a":2}""")]
    [InlineData("""[["a","[x]"],["a","[]"],["a","x[0]"]]""", """{"a":{"[x]":1,"[]":2,"x[0]":3}}""")]
    public void Values_1_2_3_go_where_the_paths_say(string paths, string expected)
    {
        var target = new JsonObject();

        foreach (var (path, at) in Paths(paths).Select((path, at) => (path, at)))
        {
            OutputPath.Write(target, path, at + 1);
        }

        Assert.Equal(expected, target.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":1}""", """["a","b"]""", "a is a single value")]
    [InlineData("""{"a":[1]}""", """["a","[0]","b"]""", "a.[0] is a single value")]
    [InlineData("""{"a":{"b":1}}""", """["a","[0]"]""", "a is a mapping")]
    [InlineData("""{"a":[]}""", """["a","b"]""", "a is a list")]
    [InlineData("""{}""", """["[0]"]""", "begin with a key")]
    [InlineData("""{}""", """["[+]","a"]""", "begin with a key")]
    [InlineData("""{}""", """[]""", "empty path")]
    [InlineData("""{}""", """["a","[1024]"]""", "more than 1024 items")]
    [InlineData("""{}""", """["a","[99999999999999999999]","b"]""", "more than 1024 items")]
    public void Nothing_is_lost_or_grows_without_an_error(string target, string path, string reason)
    {
        var error = Assert.Throws<ValuesException>(() =>
            OutputPath.Write(JsonNode.Parse(target)!.AsObject(), Paths($"[{path}]").Single(), 9));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_takes_1024_items_and_no_more()
    {
        var target = new JsonObject();
        for (var i = 0; i < OutputPath.MaxItems; i++)
        {
            OutputPath.Write(target, ["a", "[+]"], i);
        }

        OutputPath.Write(target, ["a", "[1023]"], "last");
        OutputPath.Write(target, ["a", "[=]"], "really last");

        Assert.Equal(1024, target["a"]!.AsArray().Count);
        Assert.Throws<ValuesException>(() => OutputPath.Write(target, ["a", "[+]"], 0));
    }

    [Fact]
    public void Null_is_a_value_that_can_be_written_and_written_through()
    {
        var target = new JsonObject();

        OutputPath.Write(target, ["a", "b"], null);
        Assert.Equal("""{"a":{"b":null}}""", target.ToJsonString());

        OutputPath.Write(target, ["a", "b", "c"], 1);
        Assert.Equal("""{"a":{"b":{"c":1}}}""", target.ToJsonString());
    }

    [Fact]
    public void What_is_written_stays_the_callers()
    {
        var value = new JsonObject { ["k"] = 1 };
        var target = new JsonObject();

        OutputPath.Write(target, ["a"], value);
        OutputPath.Write(target, ["b"], value);
        OutputPath.Write(target, ["a", "k"], 2);

        Assert.Equal("""{"a":{"k":2},"b":{"k":1}}""", target.ToJsonString());
    }

    private static IEnumerable<string[]> Paths(string json) => JsonNode.Parse(json)!.AsArray()
        .Select(path => path!.AsArray().Select(segment => segment!.GetValue<string>()).ToArray());
}
