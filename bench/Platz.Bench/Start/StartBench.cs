using System.Diagnostics;
using Platz.Bench.Circuits;
using Platz.Bench.Live;

namespace Platz.Bench.Start;

/// <summary>How long the web process needs until it answers, what it holds when nobody is there, and how large it is.</summary>
internal sealed class StartBench : IBench
{
    private const double Megabyte = 1024 * 1024;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    public string Name => "start";

    public string About => "start to ready, memory at rest, size (--rounds 5)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var rounds = arguments.Number("--rounds", 5);
        await using var database = await BenchDatabase.CreateAsync("bench_start", cancel);
        List<double> starts = [], memories = [];
        for (var round = 0; round <= rounds; round++) // the first one fills the caches of the disk and does not count
        {
            await using var web = await WebProcess.StartAsync(database.ConnectionString, cancel);
            var took = web.ReadyAfter.TotalMilliseconds;
            await Task.Delay(s_rest, cancel);
            if (round > 0)
            {
                starts.Add(took);
                memories.Add(new ProcessGauge(web.Pid, WebProcess.HeapFile).Memory() / Megabyte);
            }
        }

        var size = await PublishedAsync(cancel);
        var start = Stopwatches.Percentile([.. starts.Order()], 0.5);
        return new BenchReport(
            Name,
            new Dictionary<string, string>
            {
                ["Rounds"] = $"{rounds}",
                ["Program"] = $"Platz.Web, {WebProcess.Build}, a migrated database, nobody there",
                ["Processors"] = $"{Environment.ProcessorCount}",
            },
            [
                Row("start to ready, ms", starts), Row("memory of its own after 10 s at rest, MB", memories),
                Row("published, for any platform, MB", [size]),
            ],
            $"Platz.Web is ready after {start:N0} ms, holds {memories.Max():N0} MB at rest and is {size:N0} MB large.",
            IsWithin: true);
    }

    private static BenchRow Row(string what, List<double> figures) => new(
        "Platz.Web", what,
        new Dictionary<string, double>
        {
            ["least"] = figures.Min(),
            ["p50"] = Stopwatches.Percentile([.. figures.Order()], 0.5),
            ["most"] = figures.Max(),
        });

    /// <returns>MB.</returns>
    private static async Task<double> PublishedAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("platz-bench-start-");
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", "Platz.Web"));
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", project, "-c", WebProcess.Build, "--no-build", "-o", folder.FullName, "-nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        var size = folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / Megabyte;
        folder.Delete(recursive: true);
        return process.ExitCode == 0 ? size : throw new InvalidOperationException($"Nothing could be published: {output}");
    }
}
