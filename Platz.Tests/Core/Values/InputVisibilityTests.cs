using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

public sealed class InputVisibilityTests
{
    [Theory]
    [InlineData("""{"==":[{"var":"size"},"big"]}""", """{"size":"big"}""", true)]
    [InlineData("""{"==":[{"var":"size"},"big"]}""", """{"size":"small"}""", false)]
    [InlineData("""{"var":"size"}""", """{"size":"big"}""", false)]
    [InlineData("""{"var":"size"}""", """{"size":1}""", false)]
    [InlineData("""{"var":"size"}""", """{"size":true}""", true)]
    [InlineData("""{"nosuch":[]}""", "{}", false)]
    [InlineData("true", "{}", true)]
    [InlineData("false", "{}", false)]
    public void Only_a_rule_that_is_exactly_true_shows_an_input(string rule, string inputs, bool visible) =>
        Assert.Equal(visible, Input(showIf: rule).IsVisible(Object(inputs)));

    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", true)]
    [InlineData("""{"a":1.0,"b":"x"}""", true)]
    [InlineData("""{"a":1e0,"b":"x","c":7}""", true)]
    [InlineData("""{"a":"1","b":"x"}""", false)]
    [InlineData("""{"a":1,"b":"y"}""", false)]
    [InlineData("""{"a":1}""", false)]
    public void All_conditions_must_hold_and_numbers_are_equal_by_value(string inputs, bool visible) =>
        Assert.Equal(visible, Input(("a", 1), ("b", "x")).IsVisible(Object(inputs)));

    [Fact]
    public void A_rule_wins_over_conditions() =>
        Assert.True((Input(("a", 1)) with { ShowIf = true }).IsVisible([]));

    [Fact]
    public void An_input_depends_on_what_was_typed_into_a_hidden_one()
    {
        var hidden = Input(showIf: "false") with { Id = "hidden" };
        var dependent = Input(("hidden", "x")) with { Id = "dependent" };
        var ui = new ValuesUi([hidden, Input() with { Id = "plain" }, dependent], [], []);

        Assert.Equal(["plain", "dependent"], ui.VisibleInputs(Object("""{"hidden":"x"}""")).Select(i => i.Id));
        Assert.Equal(["plain"], ui.VisibleInputs([]).Select(i => i.Id));
    }

    private static InputField Input(string showIf) => Input() with { ShowIf = JsonNode.Parse(showIf) };

    private static InputField Input(params (string Field, JsonNode Value)[] conditions) => new()
    {
        Id = "it",
        Type = InputType.Text,
        Label = "It",
        ShowIfAll = [.. conditions.Select(c => new FieldCondition(c.Field, c.Value))],
    };

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
