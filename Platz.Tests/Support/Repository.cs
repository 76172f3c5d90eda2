using System.Runtime.CompilerServices;

namespace Platz.Tests.Support;

/// <summary>The working copy that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string SampleCharts { get; } = Path.Combine(Root, "samples", "charts");

    public static string SampleChart(string name, string version) => Path.Combine(SampleCharts, name, version);

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
