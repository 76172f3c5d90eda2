namespace Platz.Core.Charts;

/// <summary>
/// A chart's own description of its form, actions, features and resource types, as found: in the folder
/// <c>platz/</c>, or else in the legacy JSON files beside Chart.yaml; never some here and some there.
/// </summary>
public sealed record ChartExtensions(ChartFile? ValuesUi, ChartFile? Actions, ChartFile? Features, ChartFile? Resources)
{
    private const string Folder = "platz";
    private const string LegacyValuesUi = "values.ui.json";
    private const string LegacyActions = "actions.schema.json";
    private const string LegacyFeatures = "features.json";

    internal static IReadOnlyList<string> Paths { get; } =
    [
        $"{Folder}/values-ui.yaml", $"{Folder}/actions.yaml", $"{Folder}/features.yaml", $"{Folder}/resources.yaml",
        LegacyValuesUi, LegacyActions, LegacyFeatures,
    ];

    internal static ChartExtensions From(ChartFiles files)
    {
        return files.AnyIn(Folder)
            ? new ChartExtensions(
                File($"{Folder}/values-ui.yaml"), File($"{Folder}/actions.yaml"),
                File($"{Folder}/features.yaml"), File($"{Folder}/resources.yaml"))
            : new ChartExtensions(File(LegacyValuesUi), File(LegacyActions), File(LegacyFeatures), Resources: null);

        ChartFile? File(string path) =>
            files.Text(path, ChartLimits.Yaml) is { } text ? new ChartFile(path, text) : null;
    }
}

/// <summary>A text file of a chart, by its path in the chart.</summary>
public sealed record ChartFile(string Path, string Text);
