using Platz.Bench.Peers;

namespace Platz.Bench.Latency;

/// <summary>How soon another queue begins: one process sends, another works, as a page and a runner of ours.</summary>
internal static class PeerLatency
{
    /// <param name="alone">One process does both.</param>
    public static async Task<IReadOnlyCollection<JobStart>> RunAsync(
        Peer peer, bool alone, LatencyLoad load, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(load.Seconds) + TimeSpan.FromMinutes(2));
        await using var database = await PeerDatabase.CreateAsync(limit.Token);
        using var worker = PeerProcess.Start(
            peer, database, alone ? "both" : "listen", load.Jobs, LatencyLoad.Keys, peer.Workers, load.Rate);
        await worker.AwaitAsync("ready", limit.Token);
        if (!alone)
        {
            using var sender = PeerProcess.Start(peer, database, "send", load.Jobs, LatencyLoad.Keys, load.Rate);
            await sender.EndAsync(limit.Token);
        }

        var lines = await worker.EndAsync(limit.Token);
        return [.. lines.Select(JobStart.Read).OfType<JobStart>()];
    }
}
