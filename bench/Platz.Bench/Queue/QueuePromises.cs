using Platz.Bench.Peers;

namespace Platz.Bench.Queue;

/// <summary>The figures that promises are about, in tasks a second where not said otherwise.</summary>
/// <param name="Least">With claim, phase, finish and deployment, whatever the history.</param>
/// <param name="OfRaw">Of what pgbench does with the same statements.</param>
/// <param name="Kept">Of the speed with little history; null where there was no more.</param>
/// <param name="Whole">As <paramref name="Least"/>, beside the peers.</param>
/// <param name="Bare">Claim and finish alone, beside the peers.</param>
internal sealed record QueueFigures(double Least, double OfRaw, double? Kept, double Whole, double Bare)
{
    public IReadOnlyDictionary<Peer, double> Peers { get; init; } = new Dictionary<Peer, double>();

    public IReadOnlyList<Promise> Promises =>
    [
        new($"{Least:N0} tasks a second", "10,000", Least >= 10_000),
        new($"{OfRaw:P0} of raw SQL", "60 %", OfRaw >= 0.6),
        .. Kept is { } kept ? [new Promise($"{kept:P0} of the speed is left with more history", "85 %", kept >= 0.85)] : (Promise[])[],
        Times(Whole, Peer.NamedQueues, 5),
        Times(Whole, Peer.NamedQueuesInBatches, 5),
        Times(Whole, Peer.StrictFifo, 10),
        Times(Whole, Peer.Hangfire, 20),
        Times(Whole, Peer.Quartz, 20),
        Times(Bare, Peer.Groups, 1),
    ];

    private Promise Times(double ours, Peer peer, int least) => Peers.TryGetValue(peer, out var theirs)
        ? new Promise($"{ours / theirs:N1} times {peer.Name}", $"{least}", ours >= least * theirs)
        : new Promise($"{peer.Name} was not measured", $"{least} times", Holds: false);
}
