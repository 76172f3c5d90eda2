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
    private const string Statistics = "pg_stat_user_tables WHERE relname = 'deployment_tasks'";

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

        await UntilAsync($"n_tup_upd = {3 * Tasks} FROM {Statistics}"); // they come about a second late
        await using var command = Source.CreateCommand($"SELECT n_tup_hot_upd FROM {Statistics}");
        // A page that is full while an autovacuum looks on takes no further version of its rows: seldom, not a third.
        Assert.InRange((long)(await command.ExecuteScalarAsync(Cancel))!, 3 * Tasks * 9 / 10, 3 * Tasks);
    }
}
