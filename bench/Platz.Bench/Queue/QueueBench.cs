using System.Runtime.InteropServices;
using Platz.Core.Tasks;

namespace Platz.Bench.Queue;

/// <summary>
/// How many tasks that do nothing go through the queue in a second, one at a time for each of a thousand deployments,
/// all enqueued beforehand: ours beside the same statements driven by pgbench, and with how much history.
/// </summary>
internal sealed class QueueBench : IBench
{
    private const double LeastTasks = 10_000; // a second
    private const double LeastOfRaw = 0.6;
    private const double LeastWithHistory = 0.85;
    private const int SmallHistory = 10_000;

    private static readonly QueueWay s_bare = new("claim, finish", false, false);
    private static readonly QueueWay s_whole = new("claim, phase, finish, deployment", true, true);

    public string Name => "queue";

    public string About => "tasks a second (--history 1000000 --tasks 20000 --workers 4 --batch 64 --rounds 3)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var load = new QueueLoad(
            arguments.Number("--tasks", 20_000), arguments.Number("--workers", 4), arguments.Number("--batch", 64),
            arguments.Number("--rounds", 3));
        var histories = new[] { SmallHistory, arguments.Number("--history", 1_000_000) }.Distinct().ToList();
        List<QueueRow> rows = [];
        Dictionary<string, string> facts = [];
        foreach (var history in histories)
        {
            await using var stage = await QueueStage.BuildAsync(history, load.Tasks, cancel);
            rows.AddRange(await MeasureAsync(stage, $"{history:N0} tasks of history", load, cancel));
            facts = await FactsAsync(stage.Database, load, cancel);
        }

        var ours = rows.Where(row => row.Way == s_whole && !row.IsRaw).ToList();
        var raw = rows.Where(row => row.Way == s_whole && row.IsRaw);
        var least = ours.Min(row => row.Median);
        var ofRaw = ours.Zip(raw, (our, limit) => our.Median / limit.Median).Min();
        var kept = ours[^1].Median / ours[0].Median;
        return new BenchReport(
            Name, facts, [.. rows.Select(row => row.Shown)],
            $"{least:N0} tasks a second at least, {LeastTasks:N0} were promised; {ofRaw:P0} of raw SQL, "
            + $"{LeastOfRaw:P0} were promised; with {histories[^1]:N0} tasks of history {kept:P0} of the speed with "
            + $"{histories[0]:N0}, {LeastWithHistory:P0} were promised.",
            least >= LeastTasks && ofRaw >= LeastOfRaw && kept >= LeastWithHistory);
    }

    private static async Task<List<QueueRow>> MeasureAsync(
        QueueStage stage, string part, QueueLoad load, CancellationToken cancel)
    {
        var rows = new[] { s_bare, s_whole }
            .SelectMany(way => new[] { new QueueRow(part, way, IsRaw: false), new QueueRow(part, way, IsRaw: true) }).ToList();
        for (var round = 0; round <= load.Rounds; round++) // the first one warms up and does not count
        {
            foreach (var row in rows)
            {
                await stage.EnqueueAsync(cancel);
                await DrainAsync(stage, row, load, cancel);
                var speed = await stage.JudgeAsync(row.Way.HasPhases, row.Way.WritesDeployments, cancel);
                if (round > 0)
                {
                    row.Speeds.Add(speed);
                }
            }
        }

        return rows;
    }

    private static Task DrainAsync(QueueStage stage, QueueRow row, QueueLoad load, CancellationToken cancel)
    {
        var drain = new QueueDrain(stage.Database.Get<TaskQueue>(), load.Workers, load.Batch);
        return row.IsRaw
            ? RawQueue.RunAsync(stage, row.Way, load.Workers, load.Batch, cancel)
            : drain.RunAsync(row.Way, cancel);
    }

    private static async Task<Dictionary<string, string>> FactsAsync(
        BenchDatabase database, QueueLoad load, CancellationToken cancel) => new()
        {
            ["Tasks"] = $"{load.Tasks:N0} a round, of {QueueStage.Deployments:N0} deployments; {load.Rounds} rounds",
            ["Workers"] = $"{load.Workers}, {load.Batch} tasks a claim",
            ["Checked"] = "after each round: every task done once, none beside or before another of its deployment",
            ["PostgreSQL"] = await database.AskAsync("SHOW server_version", cancel),
            ["fsync"] = await database.AskAsync("SHOW fsync", cancel),
            ["synchronous_commit"] = await database.AskAsync("SHOW synchronous_commit", cancel),
            ["shared_buffers"] = await database.AskAsync("SHOW shared_buffers", cancel),
            ["Runtime"] = RuntimeInformation.FrameworkDescription,
            ["Processors"] = $"{Environment.ProcessorCount}",
        };
}

/// <param name="Batch">Tasks a claim, at most.</param>
internal sealed record QueueLoad(int Tasks, int Workers, int Batch, int Rounds);

/// <summary>One way to take the tasks through, and how fast that was in each round.</summary>
internal sealed record QueueRow(string Part, QueueWay Way, bool IsRaw)
{
    /// <summary>Tasks a second.</summary>
    public List<double> Speeds { get; } = [];

    public double Median => Stopwatches.Percentile([.. Speeds.Order()], 0.5);

    public BenchRow Shown => new(
        Part, $"{(IsRaw ? "pgbench" : "Platz")}: {Way.What}",
        new Dictionary<string, double>
        {
            ["least/s"] = Speeds.Min(),
            ["median/s"] = Median,
            ["most/s"] = Speeds.Max(),
        });
}
