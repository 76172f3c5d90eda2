namespace Platz.Bench.Latency;

/// <param name="Rate">Jobs a second, each at its time, however long the one before took.</param>
/// <param name="Seconds">Those that count.</param>
internal sealed record LatencyLoad(int Rate, int Seconds, int Rounds)
{
    /// <summary>Queued in turn: at 50 a second the next of a key comes long after the last has ended.</summary>
    public const int Keys = 1_000;

    /// <summary>That do not count: so long a program compiles what it has begun to use.</summary>
    public const int WarmUpSeconds = 45;

    public int Jobs => Rate * (WarmUpSeconds + Seconds);
}
