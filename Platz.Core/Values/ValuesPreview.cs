using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>Where a value comes from; a later layer wins over an earlier one.</summary>
public enum ValueLayer
{
    ChartDefaults,
    Platform,
    Form,
    Override,
}

/// <param name="Depth">How many mappings the line stands in.</param>
/// <param name="Text">A line of YAML with its indentation.</param>
/// <param name="Replaced">What lower layers have here, the nearest first; told on the first line of a key.</param>
/// <param name="IsRemoved">Not among the values: the layer took away, with null, what the chart has by default.</param>
public sealed record PreviewLine(
    int Depth, string Text, ValueLayer Layer, IReadOnlyList<ReplacedValue> Replaced, bool IsRemoved);

/// <summary>
/// The values a chart will see, each with the layer it comes from, merged as Helm does it: mappings deeply, all else as
/// a whole, and null takes away what the chart has by default. Values of subcharts that nobody sets are not among them.
/// </summary>
/// <param name="Nodes">In the order of the chart's own file, what it does not have after that.</param>
/// <param name="DefaultsError">Why the chart's own file is not part of this, if it cannot be read.</param>
public sealed record ValuesPreview(IReadOnlyList<PreviewNode> Nodes, YamlResult.Invalid? DefaultsError)
{
    public static ValuesPreview Of(string? chartDefaults, ChartValuesResult built, JsonObject valuesOverride)
    {
        var read = YamlText.ParseObject(chartDefaults ?? "");
        var values = PreviewMerge.Overlay(
            PreviewMerge.Replace(
                PreviewNode.Read(built.Platform, ValueLayer.Platform), PreviewNode.Read(built.Form, ValueLayer.Form)),
            PreviewNode.Read(valuesOverride, ValueLayer.Override));
        var defaults = read is YamlResult.Parsed parsed
            ? PreviewNode.Read(parsed.Value, ValueLayer.ChartDefaults)
            : [];
        return new ValuesPreview(PreviewMerge.Coalesce(defaults, values), read as YamlResult.Invalid);
    }

    /// <summary>The final values, with masks as text.</summary>
    public JsonObject ToJson() => PreviewNode.ToJson(Nodes);

    /// <summary>Without those that are removed the lines are the YAML of the final values.</summary>
    public IEnumerable<PreviewLine> Lines() => Nodes.SelectMany(node => Lines(node, depth: 0));

    private static IEnumerable<PreviewLine> Lines(PreviewNode node, int depth)
    {
        var nested = node.Children is { } children && children.Any(child => !child.IsRemoved);
        var yaml = YamlText.Write(new JsonObject { [node.Key] = nested ? new JsonObject() : node.ToJson() });
        var text = nested ? yaml[..^" {}\n".Length] : yaml[..^1];
        var replaced = node.Replaced;
        foreach (var line in text.Split('\n'))
        {
            var indent = line.Length == 0 ? 0 : 2 * depth;
            yield return new PreviewLine(depth, new string(' ', indent) + line, node.Layer, replaced, node.IsRemoved);
            replaced = [];
        }

        foreach (var line in (node.Children ?? []).SelectMany(child => Lines(child, depth + 1)))
        {
            yield return line;
        }
    }
}
