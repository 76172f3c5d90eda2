using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <summary>Which inputs of a form are shown. Conditions see all that was typed, hidden inputs too.</summary>
public static class InputVisibility
{
    public static bool IsVisible(this InputField field, JsonObject inputs) => field.ShowIf is { } rule
        ? JsonLogic.IsTrue(rule, inputs)
        : field.ShowIfAll.All(condition => JsonNode.DeepEquals(inputs[condition.Field], condition.Value));

    public static IReadOnlyList<InputField> VisibleInputs(this ValuesUi ui, JsonObject inputs) =>
        [.. ui.Inputs.Where(input => input.IsVisible(inputs))];
}
