using System.Globalization;
using System.Text;

namespace Platz.Runner.Helm;

/// <summary>
/// Reads the timestamps of a pod's log: RFC 3339 with nanoseconds, in UTC. Neighbours mostly differ in the fraction
/// alone, and a log may have a million of them in a second.
/// </summary>
internal sealed class StampReader
{
    private const int Seconds = 19; // 2026-11-30T22:51:55
    private const int MostDigits = 9;

    private readonly byte[] _second = new byte[Seconds];
    private long? _ticks; // of that second

    /// <returns>UTC, in units of 100 ns; null for what is no timestamp.</returns>
    public long? Read(ReadOnlySpan<byte> stamp)
    {
        if (!HasPlainForm(stamp))
        {
            return Parse(stamp);
        }

        if (_ticks is null || !stamp[..Seconds].SequenceEqual(_second))
        {
            stamp[..Seconds].CopyTo(_second);
            _ticks = Parse([.. stamp[..Seconds], (byte)'Z']);
        }

        return _ticks is { } ticks
            ? Math.Min(ticks + Fraction(stamp[(Seconds + 1)..^1]), DateTimeOffset.MaxValue.UtcTicks)
            : null;
    }

    /// <summary>Seconds, a fraction of up to nine digits, Z.</summary>
    private static bool HasPlainForm(ReadOnlySpan<byte> stamp) =>
        stamp.Length is > Seconds + 2 and <= Seconds + 2 + MostDigits && stamp[Seconds] == '.' && stamp[^1] == 'Z'
        && !stamp[(Seconds + 1)..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Rounded in the very way of <see cref="DateTimeOffset"/>: both read positions that the other has left.</summary>
    private static long Fraction(ReadOnlySpan<byte> digits)
    {
        var (fraction, place) = (0.0, 0.1);
        foreach (var digit in digits)
        {
            fraction += (digit - '0') * place;
            place *= 0.1;
        }

        return (long)Math.Round(fraction * TimeSpan.TicksPerSecond);
    }

    private static long? Parse(ReadOnlySpan<byte> stamp) => DateTimeOffset.TryParse(
        Encoding.ASCII.GetString(stamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcTicks
            : null;
}
