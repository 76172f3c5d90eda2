using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>What stands where people look in place of a value that they must not see.</summary>
public static class ValueMask
{
    public const string Text = "•••••• (sensitive)";

    public static JsonObject New() => new() { ["$sensitive"] = true };

    /// <summary>
    /// Whether this is not the value but what hides it: <c>$sensitive</c> shown, or <c>$sealed</c> stored.
    /// </summary>
    public static bool IsMask(JsonNode? node) =>
        node is JsonObject { Count: 1 } mask && (mask.ContainsKey("$sensitive") || mask.ContainsKey("$sealed"));
}
