using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;

namespace Platz.Web.Inputs;

/// <summary>What an input shows before anybody has typed.</summary>
internal static class InitialValue
{
    /// <summary>Null: nothing.</summary>
    public static JsonNode? Of(InputField input) => (input, input.InitialValue) switch
    {
        ({ IsArray: false, Type: InputType.DaysAndHour }, JsonObject schedule) => Schedule.Read(schedule).ToJson(),
        (_, { } value) => value.DeepClone(),
        ({ IsArray: false, Type: InputType.Checkbox }, _) => false, // a box that is shown as off is off
        _ => null,
    };

    /// <summary>Of an item that is added to a list; null where something must be chosen or typed.</summary>
    public static JsonNode? OfItem(InputField input) => input.Type switch
    {
        InputType.Checkbox => false,
        InputType.Text => "",
        InputType.DaysAndHour => Schedule.Read(null).ToJson(),
        _ => null,
    };

    /// <summary>What a stored value that is not shown gives way to.</summary>
    public static JsonNode? OfReplacement(InputField input) => input.IsArray ? new JsonArray() : OfItem(input);
}
