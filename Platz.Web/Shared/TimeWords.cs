using System.Globalization;

namespace Platz.Web.Shared;

/// <summary>Times and durations in words.</summary>
public static class TimeWords
{
    /// <summary>"41 s", "3 min 05 s", "2 h 10 min", "3 d 4 h".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalSeconds: < 1 } => "< 1 s",
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes:00} min",
        _ => $"{time.Days} d {time.Hours} h",
    };

    /// <summary>"just now", "3 minutes ago", "in 20 seconds".</summary>
    public static string Relative(DateTimeOffset time, DateTimeOffset now) => (now - time) switch
    {
        { TotalSeconds: < -2 } ahead => $"in {Rough(Nearest(-ahead))}",
        { TotalSeconds: < 5 } => "just now",
        var ago => $"{Rough(ago)} ago",
    };

    /// <summary>To the second, in UTC. Pages ask <see cref="TimeChoice"/>, which knows the zone.</summary>
    public static string Absolute(DateTimeOffset time) => Absolute(time, TimeZoneInfo.Utc);

    /// <summary>To the second, with its zone: "2026-03-01 14:03:22 UTC", "2026-03-01 15:03:22 +01:00".</summary>
    public static string Absolute(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone)
        .ToString(zone.Id == TimeZoneInfo.Utc.Id ? "yyyy-MM-dd HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss zzz",
            CultureInfo.InvariantCulture);

    /// <summary>For <c>datetime</c> attributes.</summary>
    public static string Machine(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>"2 hours" for what is ahead by two hours less a second.</summary>
    private static TimeSpan Nearest(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => time,
        { TotalHours: < 1 } => time + TimeSpan.FromSeconds(30),
        _ => time + TimeSpan.FromMinutes(30),
    };

    private static string Rough(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => Count(time.Seconds, "second"),
        { TotalHours: < 1 } => Count(time.Minutes, "minute"),
        { TotalDays: < 1 } => Count(time.Hours, "hour"),
        { TotalDays: < 60 } => Count(time.Days, "day"),
        { TotalDays: < 730 } => Count(time.Days / 30, "month"),
        _ => Count(time.Days / 365, "year"),
    };

    private static string Count(int count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";
}
