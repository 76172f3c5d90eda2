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
        var folder = Directory.CreateTempSubdirectory("platz-bench-start-").FullName;
        await using var database = await BenchDatabase.CreateAsync("bench_start", cancel);
        var image = await PublishAsync(folder, cancel);
        List<Started> programs = [new("as built", WebProcess.Program), new("as its image holds it", image)];
        for (var round = 0; round <= rounds; round++) // the first one fills the caches of the disk and does not count
        {
            foreach (var program in programs)
            {
                await program.MeasureAsync(database.ConnectionString, counts: round > 0, cancel);
            }
        }

        var size = new DirectoryInfo(Path.GetDirectoryName(image)!)
            .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / Megabyte;
        Directory.Delete(folder, recursive: true);
        return new BenchReport(
            Name,
            new Dictionary<string, string>
            {
                ["Rounds"] = $"{rounds}",
                ["Program"] = $"Platz.Web, {WebProcess.Build}, a migrated database, nobody there",
                ["Processors"] = $"{Environment.ProcessorCount}",
            },
            [.. programs.SelectMany(program => program.Rows), Row(programs[^1].Name, "size, MB", [size])],
            $"Platz.Web is ready after {programs[^1].ReadyAfter:N0} ms as its image holds it ({programs[0].ReadyAfter:N0} as "
                + $"built), holds {programs[^1].Most:N0} MB at rest and is {size:N0} MB large.",
            IsWithin: true);
    }

    private static BenchRow Row(string part, string what, List<double> figures) => new(
        part, what,
        new Dictionary<string, double>
        {
            ["least"] = figures.Min(),
            ["p50"] = Stopwatches.Percentile([.. figures.Order()], 0.5),
            ["most"] = figures.Max(),
        });

    /// <summary>With the words of the Dockerfile, beside the folders that other builds use.</summary>
    /// <returns>The program.</returns>
    private static async Task<string> PublishAsync(string folder, CancellationToken cancel)
    {
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..", "Platz.Web"));
        var program = Path.Combine(folder, "web");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish", project, "-c", WebProcess.Build, "--use-current-runtime", "-p:PublishReadyToRun=true",
                "-p:UseAppHost=false", "-p:DebugType=none", "-o", program, "--artifacts-path", Path.Combine(folder, "build"),
                "-p:RestoreLockedMode=false", $"-p:NuGetLockFilePath={folder}/packages.lock.json", "-p:RunAnalyzers=false",
                "--disable-build-servers", "-nologo", "-v", "quiet",
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? Path.Combine(program, "Platz.Web.dll")
            : throw new InvalidOperationException($"Nothing could be published: {output}");
    }

    private sealed class Started(string name, string program)
    {
        private readonly List<double> _starts = [];
        private readonly List<double> _memories = [];

        public string Name => name;

        /// <summary>Milliseconds, p50.</summary>
        public double ReadyAfter => Stopwatches.Percentile([.. _starts.Order()], 0.5);

        /// <summary>MB at rest.</summary>
        public double Most => _memories.Max();

        public IEnumerable<BenchRow> Rows =>
            [Row(name, "start to ready, ms", _starts), Row(name, "memory of its own after 10 s at rest, MB", _memories)];

        public async Task MeasureAsync(string database, bool counts, CancellationToken cancel)
        {
            await using var web = await WebProcess.StartAsync(program, database, cancel);
            await Task.Delay(s_rest, cancel);
            if (counts)
            {
                _starts.Add(web.ReadyAfter.TotalMilliseconds);
                _memories.Add(new ProcessGauge(web.Pid, WebProcess.HeapFile).Memory() / Megabyte);
            }
        }
    }
}
