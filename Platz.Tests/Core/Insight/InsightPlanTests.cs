using Npgsql;
using Platz.Bench.Seed;
using Platz.Core.Insight;
using Platz.Tests.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Insight;

/// <summary>Every statement of Insight goes by an index, however long the history is.</summary>
public sealed class InsightPlanTests(PostgresServer postgres) : LargeHistory(postgres, rows: 300_000, big: 100_000)
{
    private static readonly Guid s_env = TaskSeed.Env(1);
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task No_statement_walks_a_table()
    {
        // A history is counted from its first day on; the last ninety are enough to plan for.
        await ExecuteAsync("INSERT INTO insight_progress (id, open_from) VALUES (1, current_date - 91)");
        await InsightTest.CountAllAsync(Services, Cancel);
        await ExecuteAsync("VACUUM (ANALYZE) insight_days");
        Commands.Take();

        var period = new InsightPeriod(90, TimeZoneInfo.Utc, s_now);
        await Get<InsightReports>().OfAsync(s_env, period, Cancel);
        foreach (var command in Commands.Take())
        {
            Uses(await PlanAsync(command), "pk_insight_");
        }

        Uses(await PlanAsync(Busiest(period)), "Index Only Scan using ix_insight_days_env");
        Uses(await PlanAsync(Bars()), "ix_deployment_tasks_history");
        Uses(await PlanAsync(Ended()), "ix_deployment_tasks_env");
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

    private async Task<string> PlanAsync(NpgsqlCommand command)
    {
        await using var connection = await Source.OpenConnectionAsync(Cancel);
        command.Connection = connection;
        command.CommandText = $"EXPLAIN (ANALYZE, COSTS OFF) {command.CommandText}";
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private static void Uses(string plan, string index)
    {
        Assert.DoesNotContain("Seq Scan on deployment_tasks", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on insight_days", plan, StringComparison.Ordinal);
        Assert.True(
            plan.Contains(index, StringComparison.Ordinal)
                || plan.Contains("on insight_progress", StringComparison.Ordinal), // one row
            plan);
    }
}
