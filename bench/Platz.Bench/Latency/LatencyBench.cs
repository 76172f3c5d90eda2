using System.Runtime.InteropServices;
using Platz.Bench.Peers;

namespace Platz.Bench.Latency;

/// <summary>How soon after it was queued a job begins, at a steady rate: ours beside other queues, in turn.</summary>
internal sealed class LatencyBench : IBench
{
    public string Name => "latency";

    public string About => "from enqueue to Started, in milliseconds (--rate 50 --seconds 30 --rounds 2)";

    public async Task<BenchReport> RunAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var load = new LatencyLoad(
            arguments.Number("--rate", 50), arguments.Number("--seconds", 30), arguments.Number("--rounds", 2));
        var ours = new LatencyRow("Platz", PlatzLatency.RunAsync);
        var beside = Of(Peer.NamedQueues);
        LatencyRow?[] others =
        [
            beside, Of(Peer.StrictFifo), Of(Peer.Groups), Of(Peer.Hangfire), Of(Peer.Quartz),
            Of(Peer.Quartz, alone: true, ", sent by the process that works"),
        ];
        List<LatencyRow> rows = [ours, .. others.OfType<LatencyRow>()];
        for (var round = 0; round < load.Rounds; round++)
        {
            foreach (var row in rows)
            {
                await row.MeasureAsync(load, cancel);
            }
        }

        var promises = Promises(ours, beside);
        return new BenchReport(
            Name, Facts(load), [.. rows.Select(row => row.Shown)], Promise.Tell(promises), promises.All(p => p.Holds));
    }

    internal static IReadOnlyList<Promise> Promises(LatencyRow ours, LatencyRow? beside) =>
    [
        .. new[] { (Name: "p50", Part: 0.5), (Name: "p99", Part: 0.99) }.Select(p => new Promise(
            $"{p.Name} {ours.Claimed(p.Part):N2} ms to Started",
            beside is null ? "at most that of graphile-worker, which was not measured"
                : $"at most graphile-worker's {beside.Claimed(p.Part):N2} ms",
            ours.Claimed(p.Part) <= beside?.Claimed(p.Part))),
    ];

    private static LatencyRow? Of(Peer peer, bool alone = false, string addition = "") => peer.IsHere
        ? new LatencyRow(peer.Name + addition, (load, cancel) => PeerLatency.RunAsync(peer, alone, load, cancel))
        : null;

    private static Dictionary<string, string> Facts(LatencyLoad load) => new()
    {
        ["Load"] = $"{load.Rate} a second for {load.Seconds} s after {LatencyLoad.WarmUpSeconds} s to warm up, "
            + $"of {LatencyLoad.Keys:N0} keys in turn; {load.Rounds} rounds",
        ["Milliseconds"] = "from the row's time of queueing to its time of claim, and to the call of the work",
        ["Runtime"] = RuntimeInformation.FrameworkDescription,
        ["Processors"] = $"{Environment.ProcessorCount}",
    };
}
