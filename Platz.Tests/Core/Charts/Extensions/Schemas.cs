using System.Collections;
using System.Text.Json.Nodes;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Core.Charts.Extensions;

/// <summary>Reads one extension file given as text, and shows what was read.</summary>
internal static class Schemas
{
    public static ChartSchema Form(string yaml) => Read(valuesUi: yaml);

    /// <summary>A sound head with these inputs (and outputs) below it; the inputs begin on line 4.</summary>
    public static ChartSchema Inputs(string yaml) =>
        Form("apiVersion: platz.io/v1beta1\nkind: ValuesUi\ninputs:\n" + yaml);

    public static ChartSchema Read(
        string? valuesUi = null, string? actions = null, string? features = null, string? resources = null) =>
        ChartSchemaReader.Read(new ChartExtensions(
            File("platz/values-ui.yaml", valuesUi), File("platz/actions.yaml", actions),
            File("platz/features.yaml", features), File("platz/resources.yaml", resources)));

    public static ChartSchema Legacy(string? valuesUi = null, string? actions = null, string? features = null) =>
        ChartSchemaReader.Read(new ChartExtensions(
            File("values.ui.json", valuesUi), File("actions.schema.json", actions), File("features.json", features),
            null));

    public static string Broken(Func<ChartSchema> read) => Assert.Throws<BrokenChartException>(read).Message;

    /// <summary>All that a record holds, so that two can be compared: lists of a record compare by reference.</summary>
    public static string Dump(object? value) => value switch
    {
        null => "null",
        JsonNode json => json.ToJsonString(),
        string text => $"\"{text}\"",
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<string>().Order(StringComparer.Ordinal)
            .Select(key => $"{key}: {Dump(map[key])}"))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Dump))}]",
        _ when value.GetType().Namespace is "Platz.Core.Charts.Extensions" && !value.GetType().IsEnum =>
            $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties()
                .Where(property => property.GetMethod is { IsStatic: false })
                .Select(property => $"{property.Name}: {Dump(property.GetValue(value))}"))})",
        IFormattable plain => plain.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static ChartFile? File(string path, string? text) => text is null ? null : new ChartFile(path, text);
}
