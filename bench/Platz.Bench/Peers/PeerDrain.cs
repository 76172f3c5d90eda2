namespace Platz.Bench.Peers;

/// <summary>Takes jobs that do nothing through another queue; all are enqueued, of keys in turn, before it begins.</summary>
internal static class PeerDrain
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <exception cref="InvalidDataException">Not every job was done exactly once.</exception>
    /// <exception cref="OperationCanceledException">Not every job was done in four minutes.</exception>
    public static async Task<PeerVerdict> RunAsync(Peer peer, int keys, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        await using var database = await PeerDatabase.CreateAsync(limit.Token);
        using var process = PeerProcess.Start(peer, database, "drain", peer.Jobs, keys, peer.Workers);
        await process.AwaitAsync("filled", limit.Token);
        await database.SettleAsync(limit.Token);
        process.Go();
        var lines = await process.EndAsync(limit.Token);
        var verdict = PeerVerdict.Of([.. lines.Select(PeerJob.Read).OfType<PeerJob>()]);
        return verdict.Done == peer.Jobs && verdict.Again == 0 ? verdict : throw new InvalidDataException(
            $"{peer.Name} did {verdict.Done} of {peer.Jobs} jobs, {verdict.Again} of them again.");
    }
}
