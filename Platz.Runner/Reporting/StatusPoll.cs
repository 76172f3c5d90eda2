using Platz.Core.Charts.Extensions;

namespace Platz.Runner.Reporting;

/// <summary>One deployment's status endpoint as it is installed, and when it is asked next.</summary>
/// <param name="Features">Of the installed chart, which may be older than the one that is chosen.</param>
internal sealed record StatusPoll(
    Guid DeploymentId, Guid RevisionId, string DeploymentName, string Namespace, ChartFeatures Features)
{
    /// <summary>Whatever a chart asks for, it is not asked more often (upstream-facts.md 5.3).</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    /// <summary>How old the time of a status may become that stays the same.</summary>
    private static readonly TimeSpan s_oldest = TimeSpan.FromMinutes(1);

    private string? _said;
    private DateTimeOffset _writtenAt;
    private int _failures;

    public DateTimeOffset DueAt { get; private set; }

    public bool IsAsked => Features.Status is not null;

    /// <summary>Takes what was said, and sets when to ask again: later and later while nobody answers.</summary>
    /// <returns>Whether it is news, or the last news is old.</returns>
    public bool Take(StatusAnswer answer, DateTimeOffset now)
    {
        _failures = answer.Error is null ? 0 : Math.Min(_failures + 1, 8);
        var interval = Max(TimeSpan.FromSeconds(Features.Status!.RefreshIntervalSeconds), s_shortest);
        var pause = interval * (1 << Math.Max(0, _failures - 1));
        var longest = Max(interval, s_longestPause);
        DueAt = now + (pause < longest ? pause : longest);

        var said = answer.ToText();
        if (said == _said && now - _writtenAt < s_oldest)
        {
            return false;
        }

        (_said, _writtenAt) = (said, now);
        return true;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
