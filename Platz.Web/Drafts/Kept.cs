using System.Text.Json.Nodes;

namespace Platz.Web.Drafts;

/// <summary>Reads what was kept of a form. It comes from a browser: what is not as it was written is nothing.</summary>
internal static class Kept
{
    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static Guid? Id(JsonNode? node) => Guid.TryParse(Text(node), out var id) ? id : null;

    public static int? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public static bool? Flag(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;
}
