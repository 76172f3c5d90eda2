using System.Runtime.InteropServices;
using Platz.Bench.Peers;
using Platz.Core.Tasks;

namespace Platz.Bench.Queue;

/// <summary>
/// How many tasks that do nothing go through the queue in a second, one at a time for each of a thousand deployments,
/// all enqueued beforehand: ours beside the same statements driven by pgbench and beside other queues, and with how
/// much history.
/// </summary>
internal sealed class QueueBench : IBench
{
    private const int SmallHistory = 10_000;

    private static readonly QueueWay s_bare = new("claim, finish", false, false);
    private static readonly QueueWay s_whole = new("claim, phase, finish, deployment", true, true);

    public string Name => "queue";

    public string About =>
        "tasks a second (--history 1000000 --tasks 20000 --workers 2 --batch 128 --rounds 3; --database NAME; --peers 0)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var load = new QueueLoad(
            arguments.Number("--tasks", 20_000), arguments.Number("--workers", 2), arguments.Number("--batch", 128),
            arguments.Number("--rounds", 3));
        var histories = new[] { SmallHistory, arguments.Number("--history", 1_000_000) }.Distinct().ToList();
        var peers = Peer.All.Where(peer => arguments.Number("--peers", 1) > 0 && peer.IsHere)
            .Select(peer => new PeerRow(peer)).ToList();
        List<QueueRow> rows = [];
        Dictionary<string, string> facts = [];
        foreach (var history in histories)
        {
            var database = history == SmallHistory ? null : arguments.Database;
            await using var stage = await QueueStage.BuildAsync(database, history, load.Tasks, cancel);
            var beside = history == SmallHistory ? peers : []; // they have a history of nothing
            var part = $"{await stage.HistoryAsync(cancel):N0} tasks of history";
            rows.AddRange(await MeasureAsync(stage, part, load, beside, cancel));
            facts = await FactsAsync(stage.Database, load, cancel);
        }

        peers.RemoveAll(peer => !peer.IsMeasured);
        var promises = Figures(rows, peers).Promises;
        return new BenchReport(
            Name, facts, [.. rows.Select(row => row.Shown), .. peers.Select(peer => peer.Shown("Other queues"))],
            Promise.Tell(promises), promises.All(promise => promise.Holds));
    }

    private static QueueFigures Figures(List<QueueRow> rows, List<PeerRow> peers)
    {
        var ours = rows.Where(row => row.Way == s_whole && !row.IsRaw).Select(row => row.Median).ToList();
        var raw = rows.Where(row => row.Way == s_whole && row.IsRaw).Select(row => row.Median);
        return new QueueFigures(
            ours.Min(), ours.Zip(raw, (our, limit) => our / limit).Min(), ours.Count > 1 ? ours[^1] / ours[0] : null,
            ours[0], rows.First(row => row.Way == s_bare && !row.IsRaw).Median)
        {
            Peers = peers.ToDictionary(row => row.Peer, row => row.Median),
        };
    }

    private static async Task<List<QueueRow>> MeasureAsync(
        QueueStage stage, string part, QueueLoad load, List<PeerRow> peers, CancellationToken cancel)
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

            foreach (var peer in peers.Where(peer => round == 1 || (round > 1 && !peer.Peer.IsSlow)))
            {
                await peer.MeasureAsync(cancel);
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
