using System.Globalization;
using Microsoft.AspNetCore.Components;
using Platz.Core.Insight;
using Platz.Core.Tasks;
using Platz.Web.Shared;
using Platz.Web.Theme;

namespace Platz.Web.Insight;

/// <summary>The timeline of the last day.</summary>
public sealed partial class LastDay
{
    private const string Meaning =
        "Each bar is a task, from its beginning to its end; the thin line before it is its wait. A bar that runs grows "
        + "until now. Deployments with the most tasks come first.";

    private static readonly (string Word, string Look, string Fill)[] s_looks =
    [
        ("done", "bar-done", Patterns.Done), ("failed, full height", "bar-failed", Patterns.Failed),
        ("canceled", "bar-canceled", Patterns.Canceled), ("running", "bar-running", Patterns.Running),
    ];

    private TimelineShape _shape = null!;

    [Parameter, EditorRequired]
    public required Timeline Timeline { get; set; }

    /// <summary>What is running grows until then.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    /// <summary>By its name.</summary>
    [Parameter, EditorRequired]
    public required string Env { get; set; }

    private string? Reading
    {
        get
        {
            var bars = Timeline.Lanes.SelectMany(l => l.Bars).ToList();
            var running = bars.Count(b => b.Status is DeploymentTaskStatus.Started);
            var failed = bars.Count(b => b.Status is DeploymentTaskStatus.Failed);
            var deployments = InsightWords.Count(Timeline.Lanes.Count, "deployment", "deployments");
            return bars.Count == 0
                ? null
                : $"{InsightWords.Count(bars.Count, "task", "tasks")} of {deployments}: "
                    + $"{failed:N0} failed, {running:N0} running now.";
        }
    }

    protected override void OnParametersSet() => _shape = new TimelineShape(
        Timeline.From, Now > Timeline.Now ? Now : Timeline.Now, Zone);

    private static string StatusOf(TimelineBar bar) => Look.Of(bar.Status, bar.CancelRequested).Word;

    private string Words(TimelineBar bar) => bar.StartedAt is { } start
        ? $"{bar.OpKind}: {StatusOf(bar)}, began {Clock(start)}, {(bar.FinishedAt is null ? "runs" : "ran")} {Ran(bar)}"
        : $"{bar.OpKind}: {StatusOf(bar)}";

    private string Ran(TimelineBar bar) => bar.StartedAt is { } start
        ? TimeWords.Duration((bar.FinishedAt ?? (Now > start ? Now : start)) - start)
        : "–";

    private string Clock(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
