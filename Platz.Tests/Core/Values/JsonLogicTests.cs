using System.Text.Json.Nodes;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Values;

public sealed class JsonLogicTests
{
    /// <summary>Each <c>[rule, data, result]</c>; the results are those of json-logic-js 2.0.5.</summary>
    private static readonly string s_cases = Path.Combine(
        Repository.Root, "Platz.Tests", "Core", "Values", "json-logic-cases.json");

    [Fact]
    public void Every_operator_yields_what_the_reference_yields()
    {
        var cases = JsonNode.Parse(File.ReadAllText(s_cases))!.AsArray();
        var wrong = cases.Select(entry => entry!.AsArray())
            .Where(entry => !JsonNode.DeepEquals(entry[2], JsonLogic.Apply(entry[0], entry[1])))
            .Select(entry => $"{entry.ToJsonString()}: {JsonLogic.Apply(entry[0], entry[1])?.ToJsonString()}");

        Assert.True(cases.Count > 1000);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("""{"fubar":[1]}""", "There is no operator 'fubar'.")]
    [InlineData("""{"fives.add":[1]}""", "There is no operator 'fives.add'.")]
    [InlineData("""{"*":[]}""", "'*' needs an argument.")]
    [InlineData("""{"missing_some":[1,null]}""", "'missing_some' needs a number and a list of names.")]
    public void A_wrong_rule_is_refused_in_words(string rule, string message) =>
        Assert.Equal(message, Assert.Throws<JsonLogicException>(() => Apply(rule, "{}")).Message);

    [Fact]
    public void A_branch_not_taken_is_not_evaluated() =>
        Assert.Equal("1", Apply("""{"if":[true,1,{"fubar":[]}]}""", "{}")!.ToJsonString());

    [Theory]
    [InlineData("""{"cat":[{"var":"accumulator"},{"var":"accumulator"}]}""", "\"0123456789abcdef\"")]
    [InlineData("""{"merge":[{"var":"accumulator"},{"var":"accumulator"}]}""", "[1,2,3]")]
    [InlineData("""[{"var":"accumulator"},{"var":"accumulator"}]""", "1")]
    public void A_rule_that_doubles_its_result_is_stopped(string body, string start)
    {
        var items = string.Join(',', Enumerable.Range(0, 60));
        var rule = $$"""{"reduce":[[{{items}}],{{body}},{{start}}]}""";

        Assert.Throws<JsonLogicException>(() => Apply(rule, "null"));
        Assert.Throws<JsonLogicException>(() => Apply($$"""{"cat":[{{rule}}]}""", "null"));
    }

    [Fact]
    public void A_rule_that_loops_in_loops_is_stopped()
    {
        var items = $"[{string.Join(',', Enumerable.Range(0, 300))}]";
        var rule = $$"""{"map":[{{items}},{"map":[{{items}},{"map":[{{items}},1]}]}]}""";

        var error = Assert.Throws<JsonLogicException>(() => Apply(rule, "{}"));
        Assert.Equal("The rule takes too many steps.", error.Message);
    }

    [Fact]
    public void Deep_rules_and_deep_data_are_stopped()
    {
        JsonNode? rule = true;
        JsonNode? data = 1;
        for (var i = 0; i < 5000; i++)
        {
            rule = new JsonObject { ["!"] = rule };
            data = new JsonArray(data);
        }

        Assert.Throws<JsonLogicException>(() => JsonLogic.Apply(rule, null));
        Assert.Throws<JsonLogicException>(() => JsonLogic.Apply(true, data));
    }

    [Fact]
    public void Values_made_by_code_count_as_those_read_from_text()
    {
        var data = new JsonObject
        {
            ["id"] = JsonValue.Create(Guid.Empty),
            ["n"] = 3m,
            ["d"] = DateTimeOffset.UnixEpoch,
        };

        Assert.True((bool)JsonLogic.Apply(JsonNode.Parse("""{"==":[{"var":"n"},3]}"""), data)!);
        Assert.Equal($"{Guid.Empty}", (string)JsonLogic.Apply(JsonNode.Parse("""{"var":"id"}"""), data)!);
        Assert.StartsWith(
            "1970-", (string)JsonLogic.Apply(JsonNode.Parse("""{"var":"d"}"""), data)!, StringComparison.Ordinal);
    }

    private static JsonNode? Apply(string rule, string data) =>
        JsonLogic.Apply(JsonNode.Parse(rule), JsonNode.Parse(data));
}
