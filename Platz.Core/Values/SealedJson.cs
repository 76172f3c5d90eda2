using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;

namespace Platz.Core.Values;

/// <summary>The stored and the shown form of a sensitive value, wherever in JSON it stands.</summary>
public static class SealedJson
{
    internal const string SealedKey = "$sealed";
    internal const string MaskKey = "$sensitive";

    public static JsonObject NewMask() => new() { [MaskKey] = true };

    public static bool IsSealed(JsonNode? value) =>
        value is JsonObject { Count: 1 } item && JsonScalar.Text(item[SealedKey]) is not null;

    public static bool IsMask(JsonNode? value) =>
        value is JsonObject { Count: 1 } item && JsonScalar.KindOf(item[MaskKey]) is JsonValueKind.True;

    /// <summary>A copy that may be shown: what is sealed, at any depth, becomes the mask.</summary>
    public static JsonNode? Mask(JsonNode? value) => value switch
    {
        JsonObject item when item.ContainsKey(SealedKey) => NewMask(),
        JsonObject item => MaskInputs(item),
        JsonArray items => new JsonArray([.. items.Select(Mask)]),
        _ => value?.DeepClone(),
    };

    /// <summary>The same for a whole config, whose keys are input ids.</summary>
    public static JsonObject MaskInputs(JsonObject inputs) =>
        new(inputs.Select(input => KeyValuePair.Create(input.Key, Mask(input.Value))));

    /// <summary>Whether either form stands in a value that was typed, where it has no meaning.</summary>
    internal static bool HoldsReserved(JsonNode? value) => value switch
    {
        JsonObject item => item.ContainsKey(SealedKey) || IsMask(item) || item.Any(field => HoldsReserved(field.Value)),
        JsonArray items => items.Any(HoldsReserved),
        _ => false,
    };

    internal static JsonObject Wrap(byte[] blob) => new() { [SealedKey] = Convert.ToBase64String(blob) };

    internal static byte[] Unwrap(JsonNode value, string context)
    {
        try
        {
            return Convert.FromBase64String(JsonScalar.Text(value[SealedKey])!);
        }
        catch (FormatException)
        {
            throw new EnvelopeException(EnvelopeFault.Unreadable, $"The value of {context} is no sealed value.");
        }
    }

    /// <summary>Every text and number within, as text; the empty text left out.</summary>
    internal static IEnumerable<string> Leaves(JsonNode? value) => value switch
    {
        JsonObject item => item.SelectMany(field => Leaves(field.Value)),
        JsonArray items => items.SelectMany(Leaves),
        _ when JsonScalar.IsNumber(value) => [value!.ToJsonString()],
        _ => JsonScalar.Text(value) is { Length: > 0 } text ? [text] : [],
    };
}
