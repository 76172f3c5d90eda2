using Platz.Bench.Seed;
using Platz.Core.Insight;

namespace Platz.Bench.Pages;

/// <summary>What the pages of Insight read, after a runner has counted the last ninety days.</summary>
internal static class InsightReads
{
    private const int Days = 90;
    private const string Part = "Insight";

    public static async Task CountAsync(BenchDatabase database, CancellationToken cancel)
    {
        await database.AskAsync(
            $"INSERT INTO insight_progress (id, open_from) VALUES (1, current_date - {Days + 1}) "
            + "ON CONFLICT DO NOTHING RETURNING id", cancel);
        while (await database.Get<InsightRollup>().StepAsync(cancel))
        {
        }

        await database.AskAsync("VACUUM (ANALYZE) insight_days", cancel);
    }

    public static IEnumerable<(string Part, string What, Func<Task> Read)> All(
        BenchDatabase database, CancellationToken cancel)
    {
        var (reports, timeline) = (database.Get<InsightReports>(), database.Get<TaskTimeline>());
        var (env, big) = (TaskSeed.Env(1), TaskSeed.BigDeployment);
        return
        [
            (Part, "figures of an env", () => reports.OfAsync(env, Period(), cancel)),
            (Part, "figures of a deployment", () => reports.OfAsync(big, Period(), cancel)),
            (Part, "busiest deployments of an env", () => reports.BusiestAsync(env, Period().From, 10, cancel)),
            (Part, "last day of an env", () => timeline.OfEnvAsync(env, cancel)),
            (Part, "last day of a deployment", () => timeline.OfDeploymentAsync(big, "big", "Kind1", cancel)),
        ];
    }

    private static InsightPeriod Period() => new(Days, TimeZoneInfo.Utc, TimeProvider.System.GetUtcNow());
}
