using System.Text;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Charts;

/// <summary>Puts what a chart says about itself into its row.</summary>
internal static class ChartReader
{
    /// <summary>To be raised whenever charts are read differently: all that are available are read again then.</summary>
    public const int Version = 1;

    public static bool HasRead(Chart chart) => chart.ReaderVersion >= Version;

    /// <param name="archive">Null where the archive itself is broken.</param>
    /// <param name="error">Why it is.</param>
    public static void Read(Chart chart, ChartArchive? archive, string? error)
    {
        chart.DefaultValues = archive?.Values is { } values && Encoding.UTF8.GetByteCount(values) <= ChartLimits.Yaml
            ? values
            : null;
        chart.Error = error;
        chart.ReaderVersion = Version;
        ChartSchemaJson.Clear(chart);
        if (archive is null)
        {
            return;
        }

        try
        {
            ChartSchemaJson.Write(chart, ChartSchemaReader.Read(archive.Extensions));
        }
        catch (BrokenChartException e)
        {
            chart.Error = e.Message;
        }
    }
}
