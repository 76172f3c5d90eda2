using System.Globalization;

namespace Platz.Runner.Helm;

/// <summary>A place in a pod's log: how many lines bear the latest timestamp.</summary>
/// <param name="Ticks">UTC, in units of 100 ns.</param>
internal readonly record struct LogPosition(long Ticks, int Count)
{
    public static readonly LogPosition Start = new(0, 0);

    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

    public static LogPosition Parse(string? stored)
    {
        var parts = stored?.Split(':') ?? [];
        return parts.Length == 2
            ? new(long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))
            : Start;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks}:{Count}");
}
