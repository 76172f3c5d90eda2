using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class CancelTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task A_pending_task_is_canceled_at_once_and_says_by_whom()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        Assert.Equal(CancelOutcome.Canceled, await Queue.CancelAsync(id, Alice, "wrong button", Cancel));

        var task = (await History.FindAsync(id, Cancel))!;
        Assert.Equal((DeploymentTaskStatus.Canceled, TaskEffect.None), (task.Status, task.Effect));
        Assert.Equal((Alice.Id, "Alice", "wrong button"),
            (task.CanceledByUserId, task.CanceledByName, task.CancelReason));
        Assert.NotNull(task.FinishedAt);
        Assert.Empty(await Queue.ClaimAsync(Claims(), Cancel));
    }

    [Fact]
    public async Task Canceling_the_first_of_a_line_lets_the_next_one_start()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var second = await EnqueueAsync(deployment);

        await Queue.CancelAsync(first, Alice, null, Cancel);

        Assert.Equal(second, Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Id);
    }

    [Fact]
    public async Task A_started_task_is_asked_to_stop_and_stops_before_its_next_phase()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

        Assert.Equal(CancelOutcome.StopRequested, await Queue.CancelAsync(id, Alice, null, Cancel));
        Assert.Equal(CancelOutcome.AlreadyRequested, await Queue.CancelAsync(id, Alice, null, Cancel));

        Assert.True((await History.FindAsync(id, Cancel))!.CancelRequested);
        Assert.Equal(
            PhaseEntry.CancelRequested,
            await Queue.EnterPhaseAsync(task, Phase.Namespace, null, Cancel));
    }

    [Fact]
    public async Task A_cancel_during_the_last_phase_ends_canceled_with_the_revision_recorded()
    {
        var deployment = await AddDeploymentAsync();
        var id = await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.CancelAsync(id, Alice, null, Cancel);

        await Queue.FinishAsync([Done(task)]);

        var after = (await History.FindAsync(id, Cancel))!;
        Assert.Equal((DeploymentTaskStatus.Canceled, TaskEffect.Complete), (after.Status, after.Effect));
        await using var db = await DbAsync();
        var current = await db.Deployments.SingleAsync(Cancel);
        Assert.Equal((id, DeploymentStatus.Running), (current.RevisionId, current.Status));
    }

    [Theory]
    [InlineData(Phase.HelmUpgrade)]
    [InlineData(Phase.HelmUninstall)]
    [InlineData(Phase.Restart)]
    [InlineData(Phase.Call)]
    public async Task A_successor_goes_back_to_where_its_predecessor_may_have_acted_even_when_a_cancel_was_asked_for(string phase)
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.EnterPhaseAsync(task, phase, null, Cancel);
        await Queue.CancelAsync(id, Alice, null, Cancel);
        await Queue.ReleaseAsync(id, task.Fence, null, Cancel);
        var taken = Assert.Single(await Queue.RescueAsync(Claims(owner: "runner-2"), Cancel));

        Assert.Equal(PhaseEntry.Entered, await Queue.EnterPhaseAsync(taken, phase, null, Cancel));
        Assert.Equal(
            PhaseEntry.CancelRequested,
            await Queue.EnterPhaseAsync(taken, Phase.DeleteNamespace, null, Cancel));
    }

    [Fact]
    public async Task A_deployment_that_is_being_deleted_says_so_while_an_earlier_task_ends()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var running = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await EnqueueAsync(TaskFor(deployment, new Uninstall()));
        await ExecuteAsync("UPDATE deployments SET status = 'Deleting'");

        await Queue.EnterPhaseAsync(running, Phase.Validate, DeploymentStatus.Installing, Cancel);
        await Queue.FinishAsync([Done(running)]);

        await using var db = await DbAsync();
        Assert.Equal(DeploymentStatus.Deleting, (await db.Deployments.SingleAsync(Cancel)).Status);
    }

    [Fact]
    public async Task A_finished_or_unknown_task_cannot_be_canceled()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task)]);

        Assert.Equal(CancelOutcome.AlreadyFinished, await Queue.CancelAsync(id, Alice, null, Cancel));
        Assert.Equal(CancelOutcome.NotFound, await Queue.CancelAsync(Guid.NewGuid(), Alice, null, Cancel));
        Assert.Null((await History.FindAsync(id, Cancel))!.CanceledByUserId);
    }

    [Fact]
    public async Task Of_a_cancel_and_a_claim_that_race_exactly_one_wins()
    {
        var deployments = new List<Deployment>();
        for (var i = 0; i < 40; i++)
        {
            deployments.Add(await AddDeploymentAsync($"app-{i}"));
        }

        var ids = await Task.WhenAll(deployments.Select(EnqueueAsync));
        var claims = Enumerable.Range(0, 8).Select(_ => Queue.ClaimAsync(Claims(total: 5), Cancel));
        var cancels = ids.Select(async id => (id, await Queue.CancelAsync(id, Alice, null, Cancel)));

        var claiming = Task.WhenAll(claims);
        var outcomes = await Task.WhenAll(cancels);
        var claimed = (await claiming).SelectMany(tasks => tasks).Select(t => t.Id).ToHashSet();

        Assert.All(outcomes, o => Assert.Equal(
            claimed.Contains(o.id) ? CancelOutcome.StopRequested : CancelOutcome.Canceled, o.Item2));
    }
}
