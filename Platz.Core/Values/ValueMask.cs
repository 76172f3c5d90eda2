using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>What stands where people look in place of a value that they must not see.</summary>
public static class ValueMask
{
    public const string Text = "•••••• (sensitive)";

    /// <summary>Whether this is not the value but what hides it, shown or stored.</summary>
    public static bool IsMask(JsonNode? node) => SealedJson.IsMask(node) || SealedJson.IsSealed(node);
}
