using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>
/// The indexes of the lists cost the queue nothing while tasks start, go through their phases and end well: no index
/// holds what changes then, so that PostgreSQL writes the row alone (a heap-only update).
/// </summary>
public sealed class HotUpdateTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private const int Tasks = 40;

    [Fact]
    public async Task What_runs_and_ends_well_touches_no_index()
    {
        for (var i = 0; i < Tasks; i++)
        {
            await EnqueueAsync(await AddDeploymentAsync($"app-{i}"));
            var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
            await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
            await Queue.FinishAsync([Done(task)]);
        }

        await AssertHotAsync("deployment_tasks", 3 * Tasks);
    }

    /// <summary>All rows of a page change in one transaction then, and no old version of one gives way to the next.</summary>
    [Fact]
    public async Task Nor_does_a_batch()
    {
        for (var i = 0; i < Tasks; i++)
        {
            await EnqueueAsync(await AddDeploymentAsync($"app-{i}"));
        }

        var tasks = await Queue.ClaimAsync(Claims(Tasks), Cancel);
        Assert.Equal(Tasks, tasks.Count);
        await AssertHotAsync("deployment_tasks", Tasks);

        await Queue.FinishAsync([.. tasks.Select(task => Done(task))]);
        await AssertHotAsync("deployments", Tasks);
    }

    private async Task AssertHotAsync(string table, int updates)
    {
        var statistics = $"pg_stat_user_tables WHERE relname = '{table}'";
        await UntilAsync($"n_tup_upd >= {updates} FROM {statistics}"); // they come about a second late
        // A page that is full while an autovacuum looks on takes no further version of its rows: seldom, not a third.
        Assert.InRange(await NumberAsync($"SELECT n_tup_upd - n_tup_hot_upd FROM {statistics}"), 0, updates / 10);
    }
}
