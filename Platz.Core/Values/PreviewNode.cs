using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>One key of the previewed values.</summary>
/// <param name="Layer">That of the value; of a mapping the lowest that has it.</param>
/// <param name="Value">A list or single value; null too where there are children.</param>
/// <param name="Children">Of a mapping; null for all else.</param>
/// <param name="Replaced">What would stand here without this layer, the nearest first.</param>
public sealed record PreviewNode(
    string Key, ValueLayer Layer, JsonNode? Value, IReadOnlyList<PreviewNode>? Children,
    IReadOnlyList<ReplacedValue> Replaced, bool IsRemoved)
{
    internal bool IsNull => Value is null && Children is null;

    internal static IReadOnlyList<PreviewNode> Read(JsonObject values, ValueLayer layer) =>
        [.. values.Select(pair => Read(pair.Key, Mask(pair.Value), layer))];

    internal static JsonObject ToJson(IEnumerable<PreviewNode> nodes) => new(nodes
        .Where(node => !node.IsRemoved)
        .Select(node => KeyValuePair.Create(node.Key, node.ToJson())));

    internal JsonNode? ToJson() => Children is null ? Value?.DeepClone() : ToJson(Children);

    internal PreviewNode Over(PreviewNode lower) =>
        this with { Replaced = [.. Replaced, new ReplacedValue(lower.Layer, lower.ToJson()), .. lower.Replaced] };

    private static PreviewNode Read(string key, JsonNode? value, ValueLayer layer) => value is JsonObject mapping
        ? new PreviewNode(key, layer, null, Read(mapping, layer), [], IsRemoved: false)
        : new PreviewNode(key, layer, value, null, [], IsRemoved: false);

    /// <summary>A mask is one word, not a mapping, which would merge with what lower layers have.</summary>
    private static JsonNode? Mask(JsonNode? value) => value switch
    {
        _ when ValueMask.IsMask(value) => ValueMask.Text,
        JsonArray items => new JsonArray([.. items.Select(Mask)]),
        JsonObject mapping => MaskAll(mapping),
        _ => value?.DeepClone(),
    };

    private static JsonObject MaskAll(JsonObject mapping) =>
        new(mapping.Select(pair => KeyValuePair.Create(pair.Key, Mask(pair.Value))));
}

/// <summary>A value that a higher layer took the place of.</summary>
public sealed record ReplacedValue(ValueLayer Layer, JsonNode? Value);
