namespace Platz.Chaos;

internal static class Percentiles
{
    /// <returns>In seconds; 0 of nothing.</returns>
    public static double Of(IEnumerable<TimeSpan> times, double part)
    {
        var ascending = times.Select(t => t.TotalSeconds).Order().ToList();
        return ascending.Count == 0
            ? 0
            : ascending[Math.Clamp((int)Math.Ceiling(ascending.Count * part) - 1, 0, ascending.Count - 1)];
    }
}
