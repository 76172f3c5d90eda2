using Platz.Core.Insight;
using Platz.Core.Tasks;

namespace Platz.Web.Insight;

/// <summary>Where the bars of a timeline lie, in percent of its width, and how they look.</summary>
public sealed class TimelineShape(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
{
    private const int HoursBetweenMarks = 3;

    /// <summary>What has no width at all is not drawn.</summary>
    private const double Least = 0.05;

    /// <summary>The hours that can be told apart, on the reader's clock.</summary>
    public IEnumerable<(double At, string Word)> Marks
    {
        get
        {
            var local = TimeZoneInfo.ConvertTime(from, zone);
            var minutes = (HoursBetweenMarks * 60) - (int)(local.TimeOfDay.TotalMinutes % (HoursBetweenMarks * 60));
            for (var time = from.AddMinutes(minutes); time < to; time = time.AddHours(HoursBetweenMarks))
            {
                yield return (At(time), TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm", null));
            }
        }
    }

    public double At(DateTimeOffset time) => Math.Clamp((time - from) / (to - from) * 100, 0, 100);

    /// <summary>From when it began, or was due where it never did, until it ended, or now.</summary>
    public BarShape Of(TimelineBar bar)
    {
        var end = At(bar.FinishedAt ?? to);
        var start = At(bar.StartedAt ?? bar.FinishedAt ?? to);
        var (look, fill) = bar.Status switch
        {
            DeploymentTaskStatus.Done => ("done", Patterns.Done),
            DeploymentTaskStatus.Failed => ("failed", Patterns.Failed),
            DeploymentTaskStatus.Canceled => ("canceled", Patterns.Canceled),
            DeploymentTaskStatus.Started => ("running", Patterns.Running),
            _ => ("waiting", "none"),
        };
        return new BarShape(At(bar.DueAt), start, start, Math.Max(Least, end - start), look, fill);
    }
}

/// <param name="Due">Where the thin line of its wait begins.</param>
/// <param name="WaitsUntil">Where that line ends.</param>
public sealed record BarShape(double Due, double WaitsUntil, double Start, double Width, string Look, string Fill);
