namespace Platz.Core.Charts.Extensions;

/// <summary>
/// Reads the extension files of a chart, current and legacy formats. Whatever is wrong in one of them is a
/// <see cref="BrokenChartException"/> with file, line and reason: <c>platz/values-ui.yaml, line 12: …</c>.
/// </summary>
public static class ChartSchemaReader
{
    public static ChartSchema Read(ChartExtensions files)
    {
        var form = Source(files.ValuesUi) is { } valuesUi
            ? ValuesUiReader.Read(valuesUi, IsLegacy(files.ValuesUi) ? FormHeader.Optional : FormHeader.Required)
            : null;
        var actions = Source(files.Actions) is { } list ? ActionReader.Read(list) : [];
        var features = Source(files.Features) is { } spec
            ? FeaturesReader.Read(spec, form, headerless: IsLegacy(files.Features))
            : ChartFeatures.Default;
        var types = Source(files.Resources) is { } resources ? ResourceTypeReader.Read(resources) : [];
        return new ChartSchema(form, actions, features, types);
    }

    private static bool IsLegacy(ChartFile? file) => file!.Path.EndsWith(".json", StringComparison.Ordinal);

    private static SourceNode? Source(ChartFile? file)
    {
        if (file is null)
        {
            return null;
        }

        if (file.Text.Length > ChartLimits.Yaml)
        {
            throw new BrokenChartException($"{file.Path} is larger than {ChartLimits.Yaml >> 10} KiB.");
        }

        var root = IsLegacy(file) ? JsonSource.Read(file) : YamlSource.Read(file);
        return root.IsNull ? throw root.Broken("The file is empty.") : root;
    }
}
