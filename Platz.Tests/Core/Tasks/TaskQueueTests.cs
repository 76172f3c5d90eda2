using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class TaskQueueTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task Claims_nothing_while_a_task_of_the_deployment_runs()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var second = await EnqueueAsync(deployment);

        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(first, claimed.Id);
        Assert.Empty(await Queue.ClaimAsync(Claims(), Cancel));

        await Queue.FinishAsync([Done(claimed)]);
        Assert.Equal(second, Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Id);
    }

    [Fact]
    public async Task A_busy_deployment_does_not_hold_up_the_others()
    {
        var busy = await AddDeploymentAsync("busy");
        await EnqueueAsync(busy);
        await EnqueueAsync(busy);
        var other = await EnqueueAsync(await AddDeploymentAsync("other"));

        var claimed = await Queue.ClaimAsync(Claims(), Cancel);

        Assert.Equal(2, claimed.Count);
        Assert.Contains(claimed, t => t.Id == other);
    }

    [Fact]
    public async Task A_claimed_task_carries_its_operation_fence_and_attempt()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(TaskFor(deployment, new Install(Chart.Id, new() { ["a"] = 1 }, null)));

        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

        Assert.Equal(DeploymentTaskStatus.Started, task.Status);
        Assert.Equal((1, 1L, "runner-1"), (task.Attempt, task.Fence, task.LeaseOwner));
        Assert.Equal(1, (int?)Assert.IsType<Install>(task.Operation).ConfigInputs["a"]);
        Assert.Equal(task.StartedAt, task.FirstAttemptedAt);
        Assert.NotNull(task.StartedAt);
    }

    [Fact]
    public async Task Finishing_writes_task_deployment_and_revision_together()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

        Assert.True(await Queue.FinishAsync(Done(task)));

        await using var db = await DbAsync();
        var after = await db.Deployments.SingleAsync(Cancel);
        Assert.Equal((DeploymentStatus.Running, (Guid?)task.Id), (after.Status, after.RevisionId));
        Assert.Equal(DeploymentTaskStatus.Done, (await History.FindAsync(task.Id, Cancel))!.Status);
        Assert.Empty(await db.Set<QueuedTask>().ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_runner_that_was_replaced_changes_nothing()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var lost = Assert.Single(await Queue.ClaimAsync(Claims(leaseSeconds: 0), Cancel));
        var taken = Assert.Single(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));

        Assert.Equal((2, 2L, "runner-2"), (taken.Attempt, taken.Fence, taken.LeaseOwner));
        Assert.Equal(lost.StartedAt, taken.StartedAt);
        Assert.False(await Queue.FinishAsync(Done(lost)));
        Assert.Equal(DeploymentTaskStatus.Started, (await History.FindAsync(lost.Id, Cancel))!.Status);
        Assert.Empty(Queue.Heartbeat([(lost.Id, lost.Fence)], TimeSpan.FromSeconds(20)));
        Assert.Equal(PhaseEntry.LeaseLost, await Queue.EnterPhaseAsync(lost, Phase.Validate, null, Cancel));
        Assert.Null((await History.FindAsync(lost.Id, Cancel))!.Phase);
        await Queue.ReleaseAsync(lost.Id, lost.Fence, null, Cancel);
        Assert.Empty(await Queue.RescueAsync(Claims(owner: "runner-3"), Cancel));
        Assert.True(await Queue.FinishAsync(Done(taken)));
    }

    [Fact]
    public async Task A_live_lease_is_not_taken_over_and_a_heartbeat_keeps_it_alive()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(leaseSeconds: 0), Cancel));
        Assert.Equal([task.Id], Queue.Heartbeat([(task.Id, task.Fence)], TimeSpan.FromSeconds(20)));

        Assert.Empty(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));
    }

    [Fact]
    public async Task A_hand_over_is_no_attempt()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.ReleaseAsync(task.Id, task.Fence, null, Cancel);

        var taken = Assert.Single(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));

        Assert.Equal((1, 2L), (taken.Attempt, taken.Fence));
    }

    [Fact]
    public async Task Phases_are_recorded_and_end_with_the_task()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

        await Queue.EnterPhaseAsync(task, Phase.Validate, DeploymentStatus.Installing, Cancel);
        await Queue.EnterPhaseAsync(task, Phase.Namespace, DeploymentStatus.Installing, Cancel);
        await Queue.FinishAsync(Done(task) with { Status = DeploymentTaskStatus.Failed, Reason = "no" });

        var phases = await History.PhasesAsync(task.Id, Cancel);
        Assert.Equal(
            [(Phase.Validate, PhaseOutcome.Done), (Phase.Namespace, PhaseOutcome.Failed)],
            phases.Select(p => (p.Phase, p.Outcome!.Value)));
        Assert.All(phases, p => Assert.NotNull(p.FinishedAt));
    }

    [Fact]
    public async Task A_scheduled_task_waits_for_its_time_and_holds_nobody_up()
    {
        var deployment = await AddDeploymentAsync();
        var soon = await DatabaseNowAsync() + TimeSpan.FromMilliseconds(700);
        var later = await EnqueueAsync(TaskFor(deployment) with { ExecuteAt = soon });
        var now = await EnqueueAsync(deployment);

        var first = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(now, first.Id);
        Assert.InRange((await Queue.PromoteDueAsync(Cancel)).NextIn!.Value, TimeSpan.Zero, TimeSpan.FromMilliseconds(700));
        await Queue.FinishAsync([Done(first)]);

        while ((await Queue.PromoteDueAsync(Cancel)).NextIn is { } wait)
        {
            Assert.Empty(await Queue.ClaimAsync(Claims(), Cancel));
            await Task.Delay(wait, Cancel);
        }

        var second = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(later, second.Id);
        Assert.True(second.StartedAt >= soon, $"{second.StartedAt:O} is before {soon:O}");
    }

    [Fact]
    public async Task The_order_of_a_line_is_due_time_then_creation()
    {
        var deployment = await AddDeploymentAsync();
        var running = await EnqueueAsync(deployment);
        var scheduled = await EnqueueAsync(
            TaskFor(deployment) with { ExecuteAt = await DatabaseNowAsync() + TimeSpan.FromMilliseconds(300) });
        var early = await EnqueueAsync(deployment);
        await Task.Delay(TimeSpan.FromMilliseconds(350), Cancel);
        var late = await EnqueueAsync(deployment);

        var order = new List<Guid>();
        while (await Queue.ClaimAsync(Claims(), Cancel) is [var task])
        {
            order.Add(task.Id);
            await Queue.FinishAsync([Done(task)]);
        }

        Assert.Equal([running, early, scheduled, late], order);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_first_task()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(TaskFor(deployment) with { IdempotencyKey = new("k") });

        Assert.Equal(first, await EnqueueAsync(TaskFor(deployment) with { IdempotencyKey = new("k") }));

        Assert.Equal(1, (await History.PageAsync(deployment.Id, 1, Cancel)).Total);
    }

    [Fact]
    public async Task A_claim_stops_at_the_places_of_a_cluster()
    {
        for (var i = 0; i < 5; i++)
        {
            await EnqueueAsync(await AddDeploymentAsync($"app-{i}"));
        }

        var places = new Dictionary<Guid, int> { [Cluster.Id] = 2 };
        Assert.Equal(2, (await Queue.ClaimAsync(Claims() with { Places = places }, Cancel)).Count);
    }

    [Fact]
    public async Task What_a_runner_does_not_know_is_left_to_others()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var older = Claims(owner: "runner-2") with { Kinds = [nameof(Uninstall)] };
        Assert.Empty(await Queue.ClaimAsync(older, Cancel));

        Assert.Single(await Queue.ClaimAsync(Claims(leaseSeconds: 0), Cancel));
        Assert.Empty(await Queue.RescueAsync(older, Cancel));
    }

    private async Task<DateTimeOffset> DatabaseNowAsync()
    {
        await using var command = Source.CreateCommand("SELECT clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
