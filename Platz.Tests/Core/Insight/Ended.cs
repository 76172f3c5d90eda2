using System.Globalization;
using Platz.Core.Insight;
using Platz.Core.Tasks;

namespace Platz.Tests.Core.Insight;

/// <summary>Tasks that have ended, by the time at which they did.</summary>
internal static class Ended
{
    public static readonly Guid Env = Guid.CreateVersion7();
    public static readonly Guid Shop = Guid.CreateVersion7();

    public static EndedTask Task(
        string at, DeploymentTaskStatus outcome = DeploymentTaskStatus.Done, string kind = nameof(Upgrade),
        Guid? deployment = null, bool byDeployment = false, double waited = 1, double? ran = 10)
    {
        var finished = At(at);
        DateTimeOffset? started = ran is { } seconds ? finished.AddSeconds(-seconds) : null;
        return new EndedTask(
            deployment ?? Shop, Env, kind, outcome, byDeployment, (started ?? finished).AddSeconds(-waited), started,
            finished);
    }

    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    /// <summary>What a page shows of these tasks.</summary>
    public static InsightSummary Summary(InsightPeriod period, params EndedTask[] tasks)
    {
        var tallies = new DayTallies(new Outages());
        foreach (var task in tasks.OrderBy(t => t.FinishedAt))
        {
            tallies.Add(task);
        }

        return new InsightSummary(period, tallies.Days.Where(d => d.ScopeId == Env));
    }
}
