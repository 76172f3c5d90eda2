using System.Runtime.InteropServices;
using Platz.Bench.Circuits;
using Platz.Web;

namespace Platz.Bench.Live;

/// <summary>
/// Many who watch one running task that logs a lot: how late its last line is on their screens, and what they cost the
/// server beside the same circuits on pages where nothing happens.
/// </summary>
internal sealed class LiveBench : IBench
{
    private const double LongestDelay = 1_000; // milliseconds
    private const double MostCores = 1;
    private const double MostKilobytes = 250;

    public string Name => "live";

    public string About => "many open logs of one busy task (--circuits 200 --rate 1000 --seconds 15 --rounds 3)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var load = new LiveLoad(
            arguments.Number("--circuits", 200), arguments.Number("--rate", 1_000), arguments.Number("--seconds", 15));
        await using var database = await BenchDatabase.CreateAsync("bench_live", cancel);
        await using var web = await WebProcess.StartAsync(database.ConnectionString, cancel);
        var task = await LoggingTask.StartAsync(database, cancel);
        var stage = new LiveStage(web, load.Circuits, load.Seconds);
        await stage.WarmUpAsync(Links.Envs, LoggingTask.EnvName, WarmAsync, cancel);
        await stage.WarmUpAsync(task.Address, task.LastLine, WarmAsync, cancel);
        await stage.MeasureNobodyAsync("before", cancel);
        await stage.MeasureRestAsync("the envs", Links.Envs, LoggingTask.EnvName, cancel);
        await stage.MeasureBusyAsync(
            "the log", task.Address, task.LastLine, arguments.Number("--rounds", 3), LogAsync, cancel);
        await stage.MeasureNobodyAsync("after", cancel);
        return Report(load, await FactsAsync(database, load, cancel), stage.Rows);

        Task<long> WarmAsync(string end) => task.WriteAsync(load.Rate, TimeSpan.FromSeconds(5), end, cancel);
        Task<long> LogAsync(string end) => task.WriteAsync(load.Rate, TimeSpan.FromSeconds(load.Seconds), end, cancel);
    }

    private BenchReport Report(LiveLoad load, Dictionary<string, string> facts, IReadOnlyList<LiveRow> rows)
    {
        var nobody = rows.Where(row => row.Circuits == 0).MinBy(row => row.Heap)!;
        var page = rows.First(row => row.Circuits > 0);
        var logs = rows.Where(row => row.IsBusy).ToList();
        var idle = rows.Last(row => row is { Circuits: > 0, IsBusy: false });
        var delays = logs.SelectMany(row => row.Delays).Order().ToList();
        var (cores, kilobytes) = (logs.Max(row => row.Cores), logs.Max(row => row.KilobytesOver(nobody)));
        return new BenchReport(
            Name, facts, [.. rows.Select(row => row.Against(nobody, page))],
            $"{load.Circuits} circuits on a task that logs {load.Rate:N0} lines a second: the end is on a screen after "
            + $"{Stopwatches.Percentile(delays, 0.5):N0} ms (p50), on every screen after {delays[^1]:N0} ms; the server uses "
            + $"{cores:N2} cores ({cores / idle.Cores:N1} times the same circuits at rest) and {kilobytes:N0} KB a circuit "
            + $"({kilobytes / idle.KilobytesOver(nobody):N2} times those at rest, "
            + $"{kilobytes / page.KilobytesOver(nobody):N2} times a page with next to nothing on it).",
            delays[^1] <= LongestDelay && cores < MostCores && kilobytes < MostKilobytes);
    }

    private static async Task<Dictionary<string, string>> FactsAsync(
        BenchDatabase database, LiveLoad load, CancellationToken cancel) => new()
        {
            ["Circuits"] = $"{load.Circuits:N0}",
            ["Lines a second"] = $"{load.Rate:N0}, for {load.Seconds} s a round",
            ["KB/circuit"] = "live objects after a full collection, over the server without circuits (its least)",
            ["x page"] = "those KB by the KB of the first page in the table",
            ["Server"] = $"{WebProcess.Build}, {RuntimeInformation.FrameworkDescription}",
            ["PostgreSQL"] = await database.AskAsync("SHOW server_version", cancel),
            ["Processors"] = $"{Environment.ProcessorCount}",
        };
}

/// <param name="Rate">Lines a second.</param>
/// <param name="Seconds">Of one round.</param>
internal sealed record LiveLoad(int Circuits, int Rate, int Seconds);
