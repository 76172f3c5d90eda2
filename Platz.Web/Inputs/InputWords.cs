using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using Platz.Web.Tasks;

namespace Platz.Web.Inputs;

/// <summary>The values of inputs, for people. Blazor encodes them for HTML.</summary>
internal static class InputWords
{
    public const string Masked = "••••••••";

    public static string Json(JsonNode? value) => AnsiText.Strip(JsonWords.Line(value));

    public static string Option(InputOption option) => option.Label ?? (Plain(option.Value) is { Length: > 0 } text ? text : "(empty)");

    /// <summary>One value, or one item of a list.</summary>
    public static string Of(InputField input, JsonNode? value, IReadOnlyList<CollectionItem>? items) => value switch
    {
        null => "",
        _ when SealedJson.IsMask(value) || SealedJson.IsSealed(value) || input.Sensitive => Masked,
        _ => input.Type switch
        {
            InputType.Checkbox when value.GetValueKind() is JsonValueKind.True => "On",
            InputType.Checkbox when value.GetValueKind() is JsonValueKind.False => "Off",
            InputType.RadioSelect when input.Options.FirstOrDefault(o => JsonNode.DeepEquals(o.Value, value)) is { } option =>
                Option(option),
            InputType.CollectionSelect => Item(Plain(value), items),
            InputType.DaysAndHour when value is JsonObject => Schedule.Read(value).Words,
            _ => Plain(value),
        },
    };

    /// <summary>What a number must be; null when it may be any.</summary>
    public static string? Range(InputField input)
    {
        var range = (input.Minimum, input.Maximum) switch
        {
            ({ } least, { } most) => $"{Number(least)} to {Number(most)}",
            ({ } least, null) => $"{Number(least)} or more",
            (null, { } most) => $"{Number(most)} or less",
            _ => null,
        };
        var step = input.Step is { } size ? $"in steps of {Number(size)}" : null;
        return input.Type is not InputType.Number || (range ?? step) is null
            ? null
            : string.Join(", ", new[] { range, step }.OfType<string>());
    }

    private static string Item(string id, IReadOnlyList<CollectionItem>? items) =>
        items?.FirstOrDefault(item => item.Id.ToString() == id) switch
        {
            { } item => AnsiText.Strip(item.Label),
            null when items is null => "…",
            _ => $"No longer there ({id})",
        };

    private static string Plain(JsonNode? value) => value is { } text && text.GetValueKind() is JsonValueKind.String
        ? AnsiText.Strip(text.GetValue<string>())
        : Json(value);

    private static string Number(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);
}
