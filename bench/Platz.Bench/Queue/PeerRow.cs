using Platz.Bench.Peers;

namespace Platz.Bench.Queue;

/// <summary>Another queue, and how fast it was in each round.</summary>
internal sealed class PeerRow(Peer peer)
{
    private readonly List<PeerVerdict> _rounds = [];
    private int _failed;

    public Peer Peer => peer;

    public double Median => Stopwatches.Percentile([.. Speeds.Order()], 0.5);

    private IEnumerable<double> Speeds => _rounds.Select(round => round.Speed);

    public bool IsMeasured => _rounds.Count > 0;

    /// <summary>A round in which it loses a job, or does one again, is told and tried once more.</summary>
    public async Task MeasureAsync(CancellationToken cancel)
    {
        for (var tries = 1; tries <= 2; tries++)
        {
            try
            {
                _rounds.Add(await PeerDrain.RunAsync(peer, QueueStage.Deployments, cancel));
                return;
            }
            catch (Exception e) when (e is InvalidDataException or OperationCanceledException
                && !cancel.IsCancellationRequested)
            {
                _failed++;
                Console.WriteLine($"{peer.Name}, round {_rounds.Count + 1}: {e.Message}");
            }
        }
    }

    /// <param name="part">Beside whose rounds it was measured.</param>
    public BenchRow Shown(string part) => new(
        part, peer.Name,
        new Dictionary<string, double>
        {
            ["least/s"] = Speeds.Min(),
            ["median/s"] = Median,
            ["most/s"] = Speeds.Max(),
        },
        $"{peer.Jobs:N0} jobs, {peer.Workers} workers, {_rounds.Count} rounds; "
        + (peer.IsSerial ? $"two of one key at once: {_rounds.Sum(r => r.AtOnce):N0}, " : "keys are not kept apart, ")
        + $"out of turn: {_rounds.Sum(r => r.OutOfTurn):N0}, rounds not ended well: {_failed}");
}
