using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>
/// Phases and ends of many tasks in one statement: as if each were written alone, and nobody waits for another.
/// </summary>
public sealed class WritesTogetherTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_ready_at_the_same_instant_is_one_commit()
    {
        var tasks = await ClaimAsync(20);

        var entries = await Task.WhenAll(tasks.Select(task => EnterAsync(task)));
        Assert.All(entries, entry => Assert.Equal(PhaseEntry.Entered, entry));
        Assert.InRange(await NumberAsync("SELECT count(DISTINCT xmin::text) FROM deployment_task_phases"), 1, 10);

        var ends = await Task.WhenAll(tasks.Select(task => Queue.FinishAsync(Done(task) with
        {
            ReinstallsDependents = true, // there are none
        })));
        Assert.All(ends, Assert.True);
        Assert.InRange(await NumberAsync("SELECT count(DISTINCT xmin::text) FROM deployments"), 1, 10);
        Assert.Equal(20, await NumberAsync("""
            SELECT count(*) FROM deployments AS d JOIN deployment_tasks AS t ON t.id = d.revision_id
            JOIN deployment_task_phases AS p ON p.task_id = t.id
            WHERE d.status = 'Running' AND t.status = 'Done' AND p.outcome = 'Done' AND p.seq = 0
            """));
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM task_queue"));
    }

    [Theory]
    [InlineData("SELECT pg_advisory_xact_lock(hashtextextended('{0}', 0))")]
    [InlineData("SELECT FROM deployments WHERE id = '{0}' FOR UPDATE")]
    public async Task A_deployment_that_somebody_changes_holds_up_the_end_of_its_own_task_alone(string locks)
    {
        var tasks = await ClaimAsync(6);
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync(string.Format(locks, tasks[2].DeploymentId), Cancel);

        var ends = tasks.ConvertAll(task => Queue.FinishAsync(Done(task)));

        Assert.All(await OthersAsync(ends), Assert.True);
        Assert.False(ends[2].IsCompleted);
        await transaction.CommitAsync(Cancel);
        Assert.True(await ends[2].WaitAsync(s_soon, Cancel));
    }

    [Theory]
    [InlineData("SELECT FROM deployments WHERE id = '{0}' FOR UPDATE")]
    [InlineData("SELECT FROM deployment_tasks WHERE deployment_id = '{0}' FOR UPDATE")]
    public async Task A_row_that_somebody_has_locked_holds_up_the_phase_of_its_own_task_alone(string locks)
    {
        var tasks = await ClaimAsync(6);
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync(string.Format(locks, tasks[2].DeploymentId), Cancel);

        var entries = tasks.ConvertAll(EnterAsync);

        Assert.All(await OthersAsync(entries), entry => Assert.Equal(PhaseEntry.Entered, entry));
        Assert.False(entries[2].IsCompleted);
        await transaction.CommitAsync(Cancel);
        Assert.Equal(PhaseEntry.Entered, await entries[2].WaitAsync(s_soon, Cancel));
    }

    [Fact]
    public async Task While_all_deployments_are_locked_at_once_ends_wait_and_then_go_on()
    {
        var tasks = await ClaimAsync(3);
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_xact_lock(0)", Cancel);

        var ends = Task.WhenAll(tasks.Select(task => Queue.FinishAsync(Done(task))));
        await Task.Delay(300, Cancel);
        Assert.False(ends.IsCompleted);

        await transaction.CommitAsync(Cancel);
        Assert.All(await ends.WaitAsync(s_soon, Cancel), Assert.True);
    }

    [Fact]
    public async Task An_end_that_is_said_again_is_still_its_own()
    {
        var task = Assert.Single(await ClaimAsync(1));

        Assert.True(await Queue.FinishAsync(Done(task)));
        Assert.True(await Queue.FinishAsync(Done(task))); // the answer to the first was lost
    }

    [Fact]
    public async Task Each_gets_the_answer_that_is_its_own()
    {
        var tasks = await ClaimAsync(6);
        await Queue.CancelAsync(tasks[1].Id, Alice, null, Cancel);
        await ExecuteAsync($"UPDATE task_queue SET lease_until = now() WHERE task_id = '{tasks[4].Id}'");
        var taken = Assert.Single(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));

        var entries = await Task.WhenAll(tasks.Append(taken).Select(task => EnterAsync(task)));
        var ends = await Task.WhenAll(tasks.Append(taken).Select(task => Queue.FinishAsync(task == tasks[4]
            ? Done(task) with { Status = DeploymentTaskStatus.Failed, Reason = "stale", DeploymentStatus = DeploymentStatus.Error }
            : Done(task))));

        Assert.Equal(
            "Entered CancelRequested Entered Entered LeaseLost Entered Entered", string.Join(' ', entries));
        Assert.Equal("True True True True False True True", string.Join(' ', ends));
        Assert.Equal(DeploymentTaskStatus.Canceled, (await History.FindAsync(tasks[1].Id, Cancel))!.Status);
        Assert.Equal(6, await NumberAsync("SELECT count(*) FROM deployments WHERE status = 'Running' AND revision_id IS NOT NULL"));
        Assert.Equal(0, await NumberAsync("SELECT count(*) FROM deployment_task_phases WHERE outcome = 'Failed'"));
    }

    [Fact]
    public async Task What_cannot_be_written_keeps_nobody_else_from_it()
    {
        var tasks = await ClaimAsync(5);
        var results = tasks.ConvertAll(Done);
        results[3] = results[3] with { Status = DeploymentTaskStatus.Pending }; // the state machine refuses that

        var ends = results.ConvertAll(Queue.FinishAsync);

        Assert.True(await ends[0] && await ends[1] && await ends[2] && await ends[4]);
        await Assert.ThrowsAsync<PostgresException>(() => ends[3]);
    }

    [Fact]
    public async Task A_cut_connection_is_told_to_all_and_the_next_go_on()
    {
        var tasks = await ClaimAsync(3);
        await CutDatabaseAsync();
        foreach (var entry in tasks.ConvertAll(task => EnterAsync(task)))
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => entry);
        }

        await RestoreDatabaseAsync();
        Assert.All(
            await Task.WhenAll(tasks.Select(task => EnterAsync(task))), entry => Assert.Equal(PhaseEntry.Entered, entry));
    }

    private async Task<List<DeploymentTask>> ClaimAsync(int count)
    {
        for (var n = 0; n < count; n++)
        {
            await EnqueueAsync(await AddDeploymentAsync($"shop-{n}"));
        }

        var tasks = await Queue.ClaimAsync(Claims(), Cancel);
        Assert.Equal(count, tasks.Count);
        return tasks;
    }

    private Task<PhaseEntry> EnterAsync(DeploymentTask task) =>
        Queue.EnterPhaseAsync(task, Phase.Validate, DeploymentStatus.Installing, Cancel);

    /// <summary>All but the third.</summary>
    private static async Task<T[]> OthersAsync<T>(List<Task<T>> all) =>
        await Task.WhenAll(all.Where((_, n) => n != 2)).WaitAsync(s_soon, Cancel);
}
