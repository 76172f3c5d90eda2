using Platz.Core.Insight;

namespace Platz.Web.Activity;

/// <summary>Time ranges that end now.</summary>
public static class TimeRanges
{
    public const string Today = "today";

    /// <summary>What stands in addresses, and what it is called.</summary>
    public static IReadOnlyList<(string Value, string Name)> All { get; } =
        [("1h", "Last hour"), (Today, "Today"), ("24h", "Last 24 hours"), ("7d", "Last 7 days")];

    /// <summary>When it began: to the minute, so that readers at the same time ask for the same.</summary>
    /// <param name="zone">Where the day begins.</param>
    public static DateTimeOffset From(string range, DateTimeOffset now, TimeZoneInfo zone)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return range switch
        {
            "1h" => minute - TimeSpan.FromHours(1),
            "24h" => minute - TimeSpan.FromDays(1),
            "7d" => minute - TimeSpan.FromDays(7),
            _ => InsightPeriod.StartOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime), zone),
        };
    }
}
