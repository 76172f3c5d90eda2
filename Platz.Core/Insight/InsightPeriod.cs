namespace Platz.Core.Insight;

/// <summary>The last days of a reader's calendar, today included: days of a time zone, however long each is.</summary>
public sealed class InsightPeriod
{
    private static readonly TimeSpan s_quarter = TimeSpan.FromMinutes(15);

    private readonly DateTimeOffset[] _starts;

    public InsightPeriod(int days, TimeZoneInfo zone, DateTimeOffset now)
    {
        Now = now;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        Days = [.. Enumerable.Range(0, days).Select(i => today.AddDays(i + 1 - days))];
        _starts = [.. Days.Append(today.AddDays(1)).Select(day => StartOf(day, zone))];
    }

    /// <summary>How many days a page may show; the second unless said otherwise.</summary>
    public static IReadOnlyList<int> Choices { get; } = [7, 30, 90];

    public static int Usual => Choices[1];

    /// <summary>What an address asks for, if it is one of them.</summary>
    public static int Chosen(int? days) => days is { } wanted && Choices.Contains(wanted) ? wanted : Usual;

    public DateTimeOffset Now { get; }

    public IReadOnlyList<DateOnly> Days { get; }

    /// <summary>The beginning of the first day.</summary>
    public DateTimeOffset From => _starts[0];

    /// <summary>When the day of this index begins; the index behind the last is when that one ends.</summary>
    public DateTimeOffset StartOf(int index) => _starts[index];

    /// <summary>Which of <see cref="Days"/> the time is in; null before and after them.</summary>
    public int? IndexOf(DateTimeOffset time)
    {
        var found = Array.BinarySearch(_starts, time);
        var index = found >= 0 ? found : ~found - 1;
        return index >= 0 && index < Days.Count ? index : null;
    }

    /// <summary>The first moment of a day, where midnight may come twice or not at all.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local += s_quarter;
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
