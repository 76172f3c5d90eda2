using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>The stored and the shown form of sensitive inputs.</summary>
public sealed class SensitiveInputs
{
    private const string SealedKey = "$sealed";
    private const string MaskKey = "$sensitive";

    public static bool IsSealed(JsonNode? value) =>
        value is JsonObject { Count: 1 } item && JsonScalar.Text(item[SealedKey]) is not null;

    public static bool IsMask(JsonNode? value) =>
        value is JsonObject { Count: 1 } item && item[MaskKey]?.GetValueKind() is System.Text.Json.JsonValueKind.True;
}
