using System.Diagnostics;
using System.Globalization;
using Platz.Bench.Circuits;
using Platz.Bench.Live;
using Platz.Core.Tasks.Logs;
using Platz.Sandbox.Faults;
using Platz.Web;

namespace Platz.Bench.Helm;

/// <summary>
/// A task whose helm writes far more than anybody reads, as fast as the cluster gives it: what the runner needs for it,
/// what stays in the database, and when a page shows the end.
/// </summary>
internal sealed class LogBench : IBench
{
    private const double Megabyte = 1024 * 1024;
    private const double MostMemory = 32; // MB
    private const double MostStored = 5; // MiB
    private const double MostLate = 1_000; // ms

    private const string LogTable = "SELECT pg_total_relation_size('deployment_task_logs')";
    private const string Line = "client.go:393: [debug] checking 12345 resources for changes, pod web-7 runs, 3 of 5 ready\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    public string Name => "log";

    public string About => "a task that logs 100 MB at full speed (--megabytes 100 --rounds 3)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var (megabytes, rounds) = (arguments.Number("--megabytes", 100), arguments.Number("--rounds", 3));
        await using var database = await BenchDatabase.CreateAsync("bench_log", cancel);
        await using var stage = await HelmStage.SetAsync(database, cancel);
        await using var web = await WebProcess.StartAsync(database.ConnectionString, cancel);
        List<LogRound> done = [];
        for (var round = 0; round <= rounds; round++) // the first one, of a tenth, warms up and does not count
        {
            var measured = await RoundAsync(stage, database, web, round == 0 ? megabytes / 10 : megabytes, cancel);
            if (round > 0)
            {
                done.Add(measured);
            }
        }

        var (memory, stored, late) = (done.Max(r => r.Memory), done.Max(r => r.Stored), done.Max(r => r.Late));
        return new BenchReport(
            Name,
            new Dictionary<string, string>
            {
                ["Output"] = $"{megabytes:N0} MB a task, lines of {Line.Length} bytes",
                ["Kept of it"] = "256 KiB of the head and 4 MiB of the tail",
                ["Processors"] = $"{Environment.ProcessorCount}",
            },
            [
                .. done.Select((r, n) => new BenchRow("Rounds", $"{n + 1}", new Dictionary<string, double>
                {
                    ["seconds"] = r.Seconds,
                    ["runner +MB"] = r.Memory,
                    ["runner CPU s"] = r.Cpu,
                    ["table +MiB"] = r.Stored,
                    ["end late ms"] = r.Late,
                    ["search ms"] = r.Search,
                })),
            ],
            $"{megabytes:N0} MB of log: the runner grows by {memory:N1} MB at most ({MostMemory:N0} were promised), the database by "
            + $"{stored:N1} MiB ({MostStored:N0}), a page shows the end within {late:N0} ms ({MostLate:N0}).",
            memory <= MostMemory && stored <= MostStored && late <= MostLate);
    }

    private static async Task<LogRound> RoundAsync(
        HelmStage stage, BenchDatabase database, WebProcess web, int megabytes, CancellationToken cancel)
    {
        var end = $"the very end {Guid.NewGuid():N}";
        stage.Sandbox.Faults.Add(new HelmScript
        {
            Pattern = Line,
            Size = (long)(megabytes * Megabyte),
            End = $"\n{end}\n",
        });
        var before = await SizeAsync(database, cancel);
        var gauge = new ProcessGauge(stage.RunnerPid, heapFile: "");
        var (memory, watch) = (gauge.Anonymous(), Stopwatch.StartNew());
        gauge.Cores();

        var task = await stage.SaveAsync(cancel);
        await using var circuit = await Circuit.OpenAsync(web, new Uri(web.Url, Links.TaskLog(task)), "Upgrade", cancel);
        var seen = circuit.ExpectAsync(end);
        var ended = stage.EndOfAsync(task, cancel);
        var most = memory;
        while (!ended.IsCompleted)
        {
            most = Math.Max(most, gauge.Anonymous());
            await Task.Delay(50, cancel);
        }

        await ended;
        var (seconds, cores) = (watch.Elapsed.TotalSeconds, gauge.Cores());
        var shown = await seen.WaitAsync(s_patience, cancel);
        var run = stage.Sandbox.Ledger.Runs.Last(r => r.Pod.Contains($"{task}", StringComparison.Ordinal));
        var late = TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(shown) - run.FinishedAt!.Value;
        return new LogRound(
            seconds, (most - memory) / Megabyte, cores * seconds, (await SizeAsync(database, cancel) - before) / Megabyte,
            late.TotalMilliseconds, await SearchAsync(database, task, end, cancel));
    }

    /// <summary>What is left when what was deleted is made free, as the autovacuum does in its time.</summary>
    private static async Task<double> SizeAsync(BenchDatabase database, CancellationToken cancel)
    {
        await Seed.TaskSeed.RunAsync(database.Source, "VACUUM FULL deployment_task_logs", cancel);
        return double.Parse(await database.AskAsync(LogTable, cancel), CultureInfo.InvariantCulture);
    }

    /// <returns>Milliseconds until the last line is found.</returns>
    private static async Task<double> SearchAsync(BenchDatabase database, Guid task, string text, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var search = new LogSearch(database.Get<LogChunks>(), task, text);
        await search.CountAsync(await database.Get<LogReader>().ShapeAsync(task, after: 0, cancel), cancel);
        return search.Total > 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidDataException("The end of the log is not in the database.");
    }
}

/// <param name="Memory">MB that the runner had at most, over what it had before.</param>
/// <param name="Cpu">Processor seconds of the runner.</param>
/// <param name="Stored">MiB.</param>
/// <param name="Late">Milliseconds from the end of the output to the page.</param>
/// <param name="Search">Milliseconds.</param>
internal sealed record LogRound(double Seconds, double Memory, double Cpu, double Stored, double Late, double Search);
