using Npgsql;
using Platz.Bench.Seed;
using Platz.Core.Insight;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Insight;

/// <summary>Every statement of Insight goes by an index, however long the history is.</summary>
[Collection(typeof(QueryPlans))]
public sealed class InsightPlanTests(QueryPlans.LongHistory history)
{
    // Not the largest: the planner is right to walk a table of which most is asked for.
    private static readonly Guid s_env = TaskSeed.Env(4);
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_statement_walks_a_table()
    {
        // A history is counted from its first day on; the last ninety are enough to plan for.
        await ExecuteAsync("INSERT INTO insight_progress (id, open_from) VALUES (1, current_date - 91)");
        await InsightTest.CountAllAsync(history.Services, Cancel);
        await ExecuteAsync("VACUUM (ANALYZE) insight_days");
        history.Commands.Take();

        var period = new InsightPeriod(90, TimeZoneInfo.Utc, s_now);
        await history.Get<InsightReports>().OfAsync(s_env, period, Cancel);
        var reads = history.Commands.Take().Where(c => c.CommandText.Contains("insight_days", StringComparison.Ordinal));
        foreach (var command in reads)
        {
            await UsesAsync(command, "pk_insight_days");
        }

        await UsesAsync(Busiest(period), "ix_insight_days_env");
        await UsesAsync(Bars(), "ix_deployment_tasks_history");
        await UsesAsync(Ended(), "ix_deployment_tasks_env");
    }

    private static NpgsqlCommand Busiest(InsightPeriod period) => new(InsightReports.BusiestSql)
    {
        Parameters =
        {
            new("env", s_env), new("day", DateOnly.FromDateTime(period.From.UtcDateTime)), new("quarter", 88),
            new("most", 10),
        },
    };

    private static NpgsqlCommand Bars() => new(TaskTimeline.BarsSql)
    {
        Parameters =
        {
            new("lanes", Enumerable.Range(1, TaskTimeline.MostLanes).Select(TaskSeed.Deployment).ToArray()),
            new("from", s_now.AddDays(-1)), new("now", s_now), new("most", TaskTimeline.MostBars),
        },
    };

    private static NpgsqlCommand Ended() => new(InsightRollup.EndedSql)
    {
        Parameters = { new("from", s_now.AddDays(-1)), new("to", s_now) },
    };

    private async Task UsesAsync(NpgsqlCommand command, string index)
    {
        var plan = await QueryPlan.OfAsync(history.Source, command, Cancel);
        Assert.False(plan.Scans("deployment_tasks") || plan.Scans("insight_days"), plan.ToString());
        Assert.True(plan.Uses(index), plan.ToString());
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = history.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
