using System.Runtime.InteropServices;
using Platz.Bench.Circuits;
using Platz.Web;

namespace Platz.Bench.Live;

/// <summary>
/// Many who watch the tasks of one busy env: what they cost the server, and how late a change is on their screens. And
/// how late it is in a real browser, from the commit to the changed document.
/// </summary>
internal sealed class HistoryBench : IBench
{
    private const double MostKilobytes = 150;
    private const double MostCores = 1;
    private const double LongestDelay = 150; // milliseconds, p95
    private const string EnvName = "bench-history";
    private const int Deployments = 100;

    public string Name => "history";

    public string About =>
        "many open lists of one env's tasks, and one in Chromium (--circuits 500 --rate 50 --seconds 15 --rounds 3 --changes 60)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var (circuits, rate) = (arguments.Number("--circuits", 500), arguments.Number("--rate", 50));
        var duration = TimeSpan.FromSeconds(arguments.Number("--seconds", 15));
        await using var database = await BenchDatabase.CreateAsync("bench_history", cancel);
        await using var web = await WebProcess.StartAsync(database.ConnectionString, cancel);
        var env = await BusyEnv.CreateAsync(database, EnvName, Deployments, cancel);
        var address = Links.Activity(EnvName);
        await env.ChangeAsync(rate, TimeSpan.FromSeconds(2), "begun", cancel); // a full page
        var delays = await ScreenDelay.MeasureAsync(web, address, env, arguments.Number("--changes", 60), cancel);

        var stage = new LiveStage(web, circuits, (int)duration.TotalSeconds);
        await stage.WarmUpAsync(Links.Envs, EnvName, ChangeAsync, cancel);
        await stage.WarmUpAsync(address, "shop-", ChangeAsync, cancel);
        await stage.MeasureNobodyAsync("before", cancel);
        await stage.MeasureRestAsync("the envs", Links.Envs, EnvName, cancel);
        await stage.MeasureBusyAsync("the tasks", address, "shop-", arguments.Number("--rounds", 3), ChangeAsync, cancel);
        await stage.MeasureNobodyAsync("after", cancel);
        return Report(stage.Rows, delays, rate, new Dictionary<string, string>
        {
            ["Circuits"] = $"{circuits:N0}",
            ["Changes a second"] = $"{rate:N0}, for {duration.TotalSeconds:N0} s a round",
            ["KB/circuit"] = "live objects after a full collection, over the server without circuits (its least)",
            ["Server"] = $"{WebProcess.Build}, {RuntimeInformation.FrameworkDescription}",
            ["PostgreSQL"] = await database.AskAsync("SHOW server_version", cancel),
            ["Processors"] = $"{Environment.ProcessorCount}",
        });

        Task<long> ChangeAsync(string end) => env.ChangeAsync(rate, duration, end, cancel);
    }

    private BenchReport Report(IReadOnlyList<LiveRow> rows, List<double> delays, int rate, Dictionary<string, string> facts)
    {
        var nobody = rows.Where(row => row.Circuits == 0).MinBy(row => row.Heap)!;
        var page = rows.First(row => row.Circuits > 0);
        var busy = rows.Where(row => row.IsBusy).ToList();
        var (cores, kilobytes) = (busy.Max(row => row.Cores), busy.Max(row => row.KilobytesOver(nobody)));
        var late = Stopwatches.Percentile(delays, 0.95);
        Promise[] promises =
        [
            new($"a circuit takes {kilobytes:N0} KB, {page.KilobytesOver(nobody):N0} on the list of envs", $"{MostKilobytes}", kilobytes < MostKilobytes),
            new($"{page.Circuits} of them take {cores:N2} cores at {rate} changes a second", $"{MostCores}", cores < MostCores),
            new($"a change is in the document after {late:N0} ms (p95; p50 {Stopwatches.Percentile(delays, 0.5):N0})",
                $"{LongestDelay}", late <= LongestDelay),
        ];
        var inBrowser = new BenchRow("Chromium", "one change at a time, commit to document", new Dictionary<string, double>
        {
            ["p50 ms"] = Stopwatches.Percentile(delays, 0.5),
            ["p95 ms"] = late,
            ["max ms"] = delays[^1],
        });
        return new BenchReport(
            Name, facts, [.. rows.Select(row => row.Against(nobody, page)), inBrowser], Promise.Tell(promises),
            promises.All(p => p.Holds));
    }
}
