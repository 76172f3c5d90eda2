using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;

namespace Platz.Tests.Support;

/// <summary>Charts of <c>samples/charts</c> in rows, as discovery would have read them, without any registry.</summary>
public static class SampleSchema
{
    public static Chart Into(Chart chart, string name, string version)
    {
        var folder = Repository.SampleChart(name, version);
        ChartSchemaJson.Write(chart, ChartSchemaReader.Read(new ChartExtensions(
            File("platz/values-ui.yaml"), File("platz/actions.yaml"), File("platz/features.yaml"),
            File("platz/resources.yaml"))));
        chart.DefaultValues = File("values.yaml")?.Text;
        return chart;

        ChartFile? File(string path) => System.IO.File.Exists(Path.Combine(folder, path))
            ? new ChartFile(path, System.IO.File.ReadAllText(Path.Combine(folder, path)))
            : null;
    }
}
