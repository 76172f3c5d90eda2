using System.Diagnostics;

namespace Platz.Bench;

/// <summary>Times of the same thing done again and again.</summary>
internal static class Stopwatches
{
    private const int WarmUps = 3;

    /// <returns>Milliseconds, ascending; those of the first runs, which load pages and plans, are left out.</returns>
    public static async Task<List<double>> TimeAsync(int repetitions, Func<Task> action)
    {
        var times = new List<double>();
        for (var i = 0; i < WarmUps + repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return [.. times.Skip(WarmUps).Order()];
    }

    public static double Percentile(IReadOnlyList<double> ascending, double part) =>
        ascending[Math.Clamp((int)Math.Ceiling(ascending.Count * part) - 1, 0, ascending.Count - 1)];
}
