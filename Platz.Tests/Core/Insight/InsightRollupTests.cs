using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Insight;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Insight;

public sealed class InsightRollupTests(PostgresServer postgres) : InsightTest(postgres)
{
    [Fact]
    public async Task What_has_ended_is_counted_for_its_env_and_its_deployment()
    {
        var shop = await AddDeploymentAsync();
        var blog = await AddDeploymentAsync("blog");
        await AddTaskAsync(shop, "2026-03-08T10:00:00Z", Failed);
        await AddTaskAsync(shop, "2026-03-08T10:05:00Z", Failed); // its retry
        await AddTaskAsync(shop, "2026-03-09T23:59:59Z");
        await AddTaskAsync(blog, "2026-03-10T00:00:00Z", kind: nameof(Install));
        await AddTaskAsync(blog, "2026-03-10T09:00:00Z", Canceled, claimed: false);
        await AddTaskAsync(blog, ended: null, Started, created: "2026-03-10T11:00:00Z");
        await AddTaskAsync(blog, ended: null, Pending, created: "2026-03-10T11:01:00Z", claimed: false);

        await CountAsync();

        var env = await SummaryAsync(Env.Id);
        Assert.Equal((5, 4, 2), (env.Tasks, env.Changes, env.FailedChanges));
        Assert.Equal((0, 2, 0), Outcomes(env.Days[^3]));
        Assert.Equal((1, 0, 0), Outcomes(env.Days[^2]));
        Assert.Equal((1, 0, 1), Outcomes(env.Days[^1]));
        Assert.Equal(4, env.Waits.Count);
        Assert.Equal([(nameof(Install), 1), (nameof(Upgrade), 1)], env.Runs.Select(r => (r.Operation, r.Times.Count)));

        var one = await SummaryAsync(shop.Id);
        Assert.Equal((3, 2), (one.Tasks, one.FailedChanges));
        Assert.Equal(TimeSpan.FromSeconds(37 * 3600 + 59 * 60 + 59).TotalHours,
            one.Restores.Percentile(0.5)!.Value.TotalHours, tolerance: 38 * TimeHistogram.MostError);
    }

    [Fact]
    public async Task Counting_again_changes_nothing_and_writes_nothing()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-09T10:00:00Z", Failed);
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z");
        await CountAsync();
        var before = await RowsAsync();

        await CountAsync("2026-03-10T12:01:00Z");

        Assert.Equal(before, await RowsAsync());
        Assert.Equal(4, before.Count);
    }

    [Fact]
    public async Task What_ends_later_is_added_to_the_open_day()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z");
        var running = await AddTaskAsync(shop, ended: null, Started, created: "2026-03-10T11:00:00Z");
        await CountAsync();
        Assert.Equal(1, (await SummaryAsync(Env.Id)).Tasks);

        await EndAsync(running, "2026-03-10T12:00:30Z");
        await CountAsync("2026-03-10T12:01:00Z");

        Assert.Equal(2, (await SummaryAsync(Env.Id)).Tasks);
        Assert.Equal(2, (await SummaryAsync(shop.Id)).Tasks);
    }

    [Fact]
    public async Task A_day_stays_open_until_two_hours_after_it_and_then_never_changes()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-09T10:00:00Z");
        await CountAsync("2026-03-10T01:59:00Z");
        await AddTaskAsync(shop, "2026-03-09T23:59:59.9Z"); // committed long after its end
        await CountAsync("2026-03-10T01:59:59Z");
        Assert.Equal(2, (await SummaryAsync(Env.Id)).Days[^2].Done);

        await CountAsync("2026-03-10T02:00:00Z");
        await AddTaskAsync(shop, "2026-03-09T12:00:00Z");
        await CountAsync("2026-03-10T02:01:00Z");
        Assert.Equal(2, (await SummaryAsync(Env.Id)).Days[^2].Done);
    }

    [Fact]
    public async Task What_was_scheduled_long_before_counts_when_it_ends()
    {
        var shop = await AddDeploymentAsync();
        var scheduled = await AddTaskAsync(shop, ended: null, Pending, created: "2026-02-01T10:00:00Z", claimed: false);
        await AddTaskAsync(shop, ended: null, Pending, created: "2026-02-02T10:00:00Z", claimed: false);
        await CountAsync("2026-03-09T12:00:00Z");
        await EndAsync(scheduled, "2026-03-10T03:00:00Z");

        await CountAsync("2026-03-10T12:00:00Z");
        await CountAsync("2026-03-10T12:01:00Z");

        var summary = await SummaryAsync(Env.Id);
        Assert.Equal((1, 1), (summary.Tasks, summary.Days[^1].Done));
    }

    [Fact]
    public async Task A_history_that_is_there_already_is_counted_with_what_took_days_to_end()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-01T10:00:00Z");
        await AddTaskAsync(shop, "2026-03-06T10:00:00Z", created: "2026-03-02T10:00:00Z");
        await AddTaskAsync(shop, "2026-03-07T10:00:00Z", created: "2026-03-06T09:00:00Z");
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z", created: "2026-03-03T10:00:00Z");

        await CountAsync();

        var summary = await SummaryAsync(Env.Id);
        Assert.Equal([1, 6, 7, 10], summary.Days.Where(d => d.Tasks == 1).Select(d => d.Day.Day));
        Assert.Equal(4, summary.Tasks);
    }

    [Fact]
    public async Task What_was_counted_stays_when_the_history_is_pruned()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-01T10:00:00Z", Failed);
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z");
        await CountAsync();

        await ExecuteAsync(
            "SET session_replication_role = replica; DELETE FROM deployment_tasks; RESET session_replication_role");
        await CountAsync("2026-03-10T12:01:00Z");
        await CountAsync("2026-03-13T12:01:00Z");

        var summary = await SummaryAsync(shop.Id);
        Assert.Equal((2, 1, 1), (summary.Tasks, summary.FailedChanges, summary.Restores.Count));
    }

    [Fact]
    public async Task An_outage_is_remembered_over_the_days_and_restored_once()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-01T10:00:00Z", Failed);
        await CountAsync("2026-03-04T12:00:00Z");
        Assert.Equal(1, await OpenOutagesAsync());

        await AddTaskAsync(shop, "2026-03-05T10:00:00Z");
        await CountAsync("2026-03-05T12:00:00Z");
        await CountAsync("2026-03-05T12:01:00Z");
        await CountAsync("2026-03-08T12:00:00Z");

        Assert.Equal(0, await OpenOutagesAsync());
        Assert.Equal(1, (await SummaryAsync(Env.Id)).Restores.Count);
    }

    [Fact]
    public async Task Runners_that_count_at_once_count_everything_once()
    {
        var shop = await AddDeploymentAsync();
        for (var day = 1; day <= 9; day++)
        {
            await AddTaskAsync(shop, $"2026-03-0{day}T10:00:00Z", day % 2 == 0 ? Failed : DeploymentTaskStatus.Done);
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CountAsync()));

        var summary = await SummaryAsync(Env.Id);
        Assert.Equal((9, 4, 4), (summary.Tasks, summary.FailedChanges, summary.Restores.Count));
    }

    [Fact]
    public async Task A_counting_that_is_cut_off_goes_on_where_it_was()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-01T10:00:00Z", Failed);
        await AddTaskAsync(shop, "2026-03-02T10:00:00Z", Failed);
        await AddTaskAsync(shop, "2026-03-03T10:00:00Z");
        await ExecuteAsync(
            """
            CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut off'; END $$;
            CREATE CONSTRAINT TRIGGER fall AFTER INSERT ON insight_days INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.day = '2026-03-02') EXECUTE FUNCTION fall();
            """);
        await Assert.ThrowsAsync<PostgresException>(() => CountAsync());
        Assert.Equal(1, (await SummaryAsync(Env.Id)).Tasks);

        await ExecuteAsync("DROP TRIGGER fall ON insight_days");
        await CountAsync();

        var summary = await SummaryAsync(Env.Id);
        Assert.Equal((3, 2, 1), (summary.Tasks, summary.FailedChanges, summary.Restores.Count));
    }

    [Fact]
    public async Task A_deployment_that_moved_counts_in_both_envs_and_whole_for_itself()
    {
        var other = new Env { Name = "other" };
        await using (var db = await DbAsync())
        {
            db.Add(other);
            await db.SaveChangesAsync(Cancel);
        }

        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z");
        await AddTaskAsync(shop, "2026-03-10T10:00:00Z", kind: nameof(Recreate), env: other.Id);

        await CountAsync();

        Assert.Equal(1, (await SummaryAsync(Env.Id)).Tasks);
        Assert.Equal(1, (await SummaryAsync(other.Id)).Tasks);
        Assert.Equal(2, (await SummaryAsync(shop.Id)).Tasks);
    }

    [Fact]
    public async Task Where_nothing_has_happened_yet_the_counting_says_until_when_it_looked()
    {
        await CountAsync();
        var report = await Reports.OfAsync(Env.Id, new InsightPeriod(7, TimeZoneInfo.Utc, Clock.GetUtcNow()), Cancel);
        Assert.Equal((0, Clock.GetUtcNow()), (report.Summary.Tasks, report.CountedAt!.Value));
    }

    private static (int, int, int) Outcomes(DayFigures day) => (day.Done, day.Failed, day.Canceled);

    private async Task<int> OpenOutagesAsync() => (await Reports.OfAsync(
        Env.Id, new InsightPeriod(30, TimeZoneInfo.Utc, Clock.GetUtcNow()), Cancel)).OpenOutages;

    /// <summary>Each row with the transaction that wrote it.</summary>
    private async Task<List<string>> RowsAsync()
    {
        await using var db = await DbAsync();
        return await db.Database.SqlQuery<string>($"SELECT xmin || d::text AS \"Value\" FROM insight_days AS d")
            .OrderBy(r => r).ToListAsync(Cancel);
    }
}
