using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>Reads scalars whatever they were made from: parsed JSON, a form or code.</summary>
internal static class JsonScalar
{
    public static JsonValueKind KindOf(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    /// <summary>Null where it is no text.</summary>
    public static string? Text(JsonNode? node) => KindOf(node) is not JsonValueKind.String ? null
        : node!.AsValue().TryGetValue(out string? text) ? text : JsonSerializer.Deserialize<string>(node);

    public static bool IsNumber(JsonNode? node) => KindOf(node) is JsonValueKind.Number;

    /// <summary>Null where it is no number, or one beyond what a decimal holds.</summary>
    public static decimal? Number(JsonNode? node) => IsNumber(node) && decimal.TryParse(
        node!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
