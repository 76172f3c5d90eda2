namespace Platz.Core.Charts;

/// <summary>What Platz reads out of a chart's .tgz.</summary>
/// <param name="Values">The text of values.yaml, if there is one.</param>
public sealed record ChartArchive(ChartMetadata Chart, string? Values, ChartExtensions Extensions)
{
    private const string ChartYamlPath = "Chart.yaml";
    private const string ValuesPath = "values.yaml";

    private static readonly HashSet<string> s_wanted = [ChartYamlPath, ValuesPath, .. ChartExtensions.Paths];

    /// <summary>
    /// Throws <see cref="BrokenChartException"/> for anything but a sound chart within <see cref="ChartLimits"/>.
    /// </summary>
    public static async Task<ChartArchive> ReadAsync(byte[] tgz, CancellationToken cancel)
    {
        var files = await ChartFiles.ReadAsync(tgz, s_wanted, cancel);
        var chartYaml = files.Text(ChartYamlPath, ChartLimits.Yaml)
            ?? throw new BrokenChartException("Chart.yaml is missing in the archive.");
        return new ChartArchive(
            ChartMetadata.Parse(chartYaml), files.Text(ValuesPath, ChartLimits.File), ChartExtensions.From(files));
    }
}
