using System.Diagnostics;

namespace Platz.Bench;

/// <summary>Times of the same thing done again and again.</summary>
internal static class Stopwatches
{
    private const int WarmUps = 3;

    public static async Task<RepeatedTimes> TimeAsync(int repetitions, Func<Task> action)
    {
        var times = new List<double>();
        for (var i = 0; i < WarmUps + repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new RepeatedTimes(times[0], [.. times.Skip(WarmUps).Order()]);
    }

    public static double Percentile(IReadOnlyList<double> ascending, double part) =>
        ascending[Math.Clamp((int)Math.Ceiling(ascending.Count * part) - 1, 0, ascending.Count - 1)];
}

/// <summary>Milliseconds that the same thing took.</summary>
/// <param name="First">The first time of all: what it needs may not be in memory, nor compiled.</param>
/// <param name="Ascending">Without those of the first runs, which load pages and plans.</param>
internal sealed record RepeatedTimes(double First, IReadOnlyList<double> Ascending);
