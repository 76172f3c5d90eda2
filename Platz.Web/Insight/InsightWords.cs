using System.Globalization;
using Platz.Core.Insight;

namespace Platz.Web.Insight;

/// <summary>What the pictures say, in words.</summary>
public static class InsightWords
{
    /// <summary>To two figures, which is what a histogram knows: "0.4 s", "12 s", "3.1 min", "2 h", "1.5 d".</summary>
    public static string About(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0.01 } => "< 10 ms",
        { TotalSeconds: < 1 } => Figures(time.TotalMilliseconds, "ms"),
        { TotalMinutes: < 1 } => Figures(time.TotalSeconds, "s"),
        { TotalHours: < 1 } => Figures(time.TotalMinutes, "min"),
        { TotalDays: < 1 } => Figures(time.TotalHours, "h"),
        _ => Figures(time.TotalDays, "d"),
    };

    public static string About(TimeHistogram times, double share) =>
        times.Percentile(share) is { } time ? About(time) : "–";

    /// <summary>"5 %"; what is some is never given as none, nor what is not all as all.</summary>
    public static string Percent(int part, int whole) => whole == 0 ? "–" : (100.0 * part / whole) switch
    {
        > 0 and < 1 => "< 1 %",
        > 99 and < 100 => "> 99 %",
        var percent => string.Create(CultureInfo.InvariantCulture, $"{percent:0} %"),
    };

    public static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    public static string Day(DateOnly day) => day.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    public static string TasksReading(InsightSummary summary)
    {
        var failed = summary.Days.Sum(d => d.Failed);
        var canceled = summary.Days.Sum(d => d.Canceled);
        var ends = $"{Count(summary.Tasks, "task has", "tasks have")} ended";
        return (failed, canceled) switch
        {
            (0, 0) => $"{ends}, none of them failed.",
            (_, 0) => $"{ends}: {failed:N0} failed.",
            _ => $"{ends}: {failed:N0} failed, {canceled:N0} {(canceled == 1 ? "was" : "were")} canceled.",
        };
    }

    /// <summary>"12 of 240 changes failed: 5 %".</summary>
    public static string FailureReading(int failed, int changes) =>
        $"{failed:N0} of {Count(changes, "change", "changes")} failed: {Percent(failed, changes)}";

    public static string WaitReading(TimeHistogram waits) =>
        $"Half of {Count(waits.Count, "task", "tasks")} waited no longer than {About(waits, 0.5)}, "
        + $"95 % no longer than {About(waits, 0.95)}.";

    public static string RestoreReading(TimeHistogram restores) => restores.Count == 1
        ? $"One failed change was put right, {About(restores, 0.5)} later."
        : $"{restores.Count:N0} failed changes were put right: half within {About(restores, 0.5)}, "
            + $"95 % within {About(restores, 0.95)}.";

    private static string Figures(double number, string unit) => string.Create(
        CultureInfo.InvariantCulture, $"{(number < 9.95 ? Math.Round(number, 1) : Math.Round(number)):0.#} {unit}");
}
