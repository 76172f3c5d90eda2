using System.Globalization;
using Platz.Core.Tasks;

namespace Platz.Bench.Pages;

/// <summary>
/// Server time of every list of tasks and every filter, the worst combinations too, on the first, the middle and the
/// last page: from the call of the read that a page makes to its rows in memory, PostgreSQL's time included.
/// </summary>
internal sealed class PagesBench : IBench
{
    private const double MostOfAny = 100; // ms
    private const double MostOfHistory = 30; // ms, as it is opened: without a filter, on any page
    private const int Big = 100_000;

    public string Name => "pages";

    public string About => "lists and filters of tasks (--rows 2000000 --repetitions 20 --database NAME)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var (count, repetitions) = (arguments.Number("--rows", 2_000_000), arguments.Number("--repetitions", 20));
        await using var database = await BenchDatabase.PlantedAsync(
            arguments.Database, "bench_pages", count, Math.Min(Big, count / 2), cancel);
        var rows = new List<BenchRow>();
        foreach (var pageCase in PageCases.All)
        {
            rows.AddRange(await OfPagesAsync(database.Get<TaskHistory>(), pageCase, repetitions, cancel));
        }

        await InsightReads.CountAsync(database, cancel);
        foreach (var (part, what, read) in OtherReads.All(database, cancel).Concat(InsightReads.All(database, cancel)))
        {
            rows.Add(Row(part, what, await Stopwatches.TimeAsync(repetitions, read), ""));
        }

        var there = await database.AskAsync("SELECT count(*) FROM deployment_tasks", cancel); // last: it reads all
        count = int.Parse(there, CultureInfo.InvariantCulture);
        Promise[] promises =
        [
            Slowest("History", rows.Where(IsOpened), MostOfHistory),
            Slowest($"any of {rows.Count} reads of {count:N0} tasks", rows, MostOfAny),
        ];
        return new BenchReport(
            Name, await FactsAsync(database, count, cancel), rows, Promise.Tell(promises),
            promises.All(promise => promise.Holds));
    }

    private static bool IsOpened(BenchRow row) => row.Part == PageCases.All[0].Part
        && row.What.StartsWith(PageCases.All[0].What, StringComparison.Ordinal);

    private static Promise Slowest(string what, IEnumerable<BenchRow> rows, double most)
    {
        var slowest = rows.MaxBy(r => r.Figures["p95 ms"])!;
        var found = slowest.Figures["p95 ms"];
        return new(
            $"{what}: the slowest p95 is {found:N1} ms ({slowest.Part}, {slowest.What})", $"{most:N0} ms", found < most);
    }

    private static async Task<List<BenchRow>> OfPagesAsync(
        TaskHistory history, PageCase pageCase, int repetitions, CancellationToken cancel)
    {
        var rows = new List<BenchRow>();
        var first = await TimeAsync(1);
        foreach (var number in new[] { (first.Pages + 1) / 2, first.Pages }.Distinct().Where(number => number > 1))
        {
            await TimeAsync(number);
        }

        return rows;

        async Task<TaskPage> TimeAsync(int number)
        {
            TaskPage page = null!;
            var times = await Stopwatches.TimeAsync(
                repetitions, async () => page = await history.PageAsync(pageCase.Filter, number, cancel));
            var found = $"{page.Total:N0}{(page.HasMore ? "+" : "")} found";
            var end = page.SearchedTo is { } to ? $", back to {to:yyyy-MM-dd}" : "";
            rows.Add(Row(pageCase.Part, $"{pageCase.What}, page {number:N0}", times, found + end));
            return page;
        }
    }

    private static BenchRow Row(string part, string what, RepeatedTimes times, string note) => new(
        part, what, new Dictionary<string, double>
        {
            ["first ms"] = times.First,
            ["least ms"] = times.Ascending[0],
            ["p50 ms"] = Stopwatches.Percentile(times.Ascending, 0.5),
            ["p95 ms"] = Stopwatches.Percentile(times.Ascending, 0.95),
        },
        note);

    private static async Task<Dictionary<string, string>> FactsAsync(
        BenchDatabase database, int count, CancellationToken cancel) => new()
        {
            ["Tasks"] = $"{count:N0}",
            ["PostgreSQL"] = await database.AskAsync("SHOW server_version", cancel),
            ["fsync"] = await database.AskAsync("SHOW fsync", cancel),
            ["shared_buffers"] = await database.AskAsync("SHOW shared_buffers", cancel),
            ["Table"] = await database.AskAsync(
                "SELECT pg_size_pretty(pg_table_size('deployment_tasks'))", cancel),
            ["Indexes"] = await database.AskAsync(
                "SELECT pg_size_pretty(pg_indexes_size('deployment_tasks'))", cancel),
            ["Processors"] = $"{Environment.ProcessorCount}",
        };
}
