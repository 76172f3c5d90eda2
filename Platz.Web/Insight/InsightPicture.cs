using Platz.Core.Insight;

namespace Platz.Web.Insight;

/// <summary>All that an Insight page shows, as it was at one moment; all circuits that show the same share it.</summary>
/// <param name="Busiest">Null on the page of a deployment.</param>
public sealed record InsightPicture(InsightReport Report, Timeline Timeline, BusiestDeployments? Busiest);

/// <summary>What a picture is of; compared by value.</summary>
/// <param name="Deployment">Null for all of the env.</param>
/// <param name="Offset">Ahead of UTC: zones that only a browser knows have all the same name.</param>
public sealed record InsightWish(Guid EnvId, InsightSubject? Deployment, int Days, string Zone, TimeSpan Offset);

/// <summary>The deployment whose figures are shown.</summary>
public sealed record InsightSubject(Guid Id, string Name, string Kind);

/// <summary>Reads pictures.</summary>
public sealed class InsightPictures(InsightReports reports, TaskTimeline timelines, TimeProvider clock)
{
    private const int Busy = 10;

    public async Task<InsightPicture> ReadAsync(InsightWish wish, TimeZoneInfo zone, CancellationToken cancel)
    {
        var period = new InsightPeriod(wish.Days, zone, clock.GetUtcNow());
        if (wish.Deployment is { } one)
        {
            return new InsightPicture(
                await reports.OfAsync(one.Id, period, cancel),
                await timelines.OfDeploymentAsync(one.Id, one.Name, one.Kind, cancel), Busiest: null);
        }

        return new InsightPicture(
            await reports.OfAsync(wish.EnvId, period, cancel), await timelines.OfEnvAsync(wish.EnvId, cancel),
            await reports.BusiestAsync(wish.EnvId, period.From, Busy, cancel));
    }
}
