namespace Platz.Core.Insight;

/// <summary>
/// How often lengths of time occurred, in buckets that grow by a fifth: those of hours add up to those of months, which
/// percentiles do not. The error bound, for every percentile that Insight shows: ranks are exact (nearest rank), and a
/// time is given as the geometric middle of its bucket, so what is shown differs from the exact percentile by at most
/// √1.2 - 1, that is 9.6 %. Times under 10 ms share one bucket and are given as 5 ms.
/// </summary>
public sealed class TimeHistogram
{
    /// <summary>See the summary of the class.</summary>
    public const double MostError = 0.0955;

    private const double Growth = 1.2;
    private const double FirstSeconds = 0.01;

    /// <summary>The last bucket begins beyond three years.</summary>
    private const int Buckets = 128;

    private readonly int[] _counts = new int[Buckets];

    public int Count { get; private set; }

    /// <summary>Bucket 0 is under 10 ms; bucket i from there begins at 10 ms × 1.2^(i - 1).</summary>
    public static int BucketOf(TimeSpan time) => time.TotalSeconds < FirstSeconds
        ? 0
        : Math.Min(Buckets - 1, 1 + (int)Math.Floor(Math.Log(time.TotalSeconds / FirstSeconds, Growth)));

    public void Add(TimeSpan time) => Add(BucketOf(time), 1);

    public void Add(int bucket, int count)
    {
        _counts[Math.Clamp(bucket, 0, Buckets - 1)] += count;
        Count += count;
    }

    /// <summary>The shortest time that at least this share of all do not exceed; null where there are none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan? Percentile(double share)
    {
        var rank = Math.Max(1, (int)Math.Ceiling(share * Count));
        var seen = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Middle(bucket);
            }
        }

        return null;
    }

    private static TimeSpan Middle(int bucket) => TimeSpan.FromSeconds(
        bucket == 0 ? FirstSeconds / 2 : FirstSeconds * Math.Pow(Growth, bucket - 0.5));
}
