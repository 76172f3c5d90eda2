using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Platz.Core.Tasks.CancelOutcome;

namespace Platz.Tests.Core.Tasks;

public sealed class BulkCancelTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private BulkCancellation Bulk => Services.GetRequiredService<BulkCancellation>();

    [Fact]
    public async Task What_waits_is_canceled_and_what_has_started_goes_on()
    {
        var (one, other) = (await AddDeploymentAsync("one"), await AddDeploymentAsync("other"));
        var running = await EnqueueAsync(one);
        await Queue.ClaimAsync(Claims(), Cancel);
        Guid[] waiting = [await EnqueueAsync(one), await EnqueueAsync(one), await EnqueueAsync(other)];

        Assert.Equal(new BulkCount(3, 1, 0), await Bulk.CountAsync(TaskFilter.All, Alice, Cancel));
        var outcome = await CancelAsync(TaskFilter.All, alsoStarted: false);

        Assert.Equal([(Canceled, 3)], outcome.Counts.Select(c => (c.Key, c.Value)));
        Assert.False((await History.FindAsync(running, Cancel))!.CancelRequested);
        foreach (var id in waiting)
        {
            var task = (await History.FindAsync(id, Cancel))!;
            Assert.Equal((DeploymentTaskStatus.Canceled, "Alice", "wrong branch"), (task.Status, task.CanceledByName, task.CancelReason));
        }
    }

    [Fact]
    public async Task Those_that_run_are_asked_to_stop_on_request_and_once()
    {
        var running = await EnqueueAsync(await AddDeploymentAsync());
        await Queue.ClaimAsync(Claims(), Cancel);

        Assert.Equal(1, (await CancelAsync(TaskFilter.All, alsoStarted: true)).Of(StopRequested));
        Assert.Equal(1, (await CancelAsync(TaskFilter.All, alsoStarted: true)).Of(AlreadyRequested));
        Assert.True((await History.FindAsync(running, Cancel))!.CancelRequested);
    }

    [Fact]
    public async Task A_task_that_starts_in_between_is_left_running()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        await Queue.ClaimAsync(Claims(), Cancel);

        Assert.Equal(HasStarted, await Queue.CancelPendingAsync(id, Alice, null, Cancel));

        Assert.Equal(
            (DeploymentTaskStatus.Started, null),
            ((await History.FindAsync(id, Cancel))!.Status, (await History.FindAsync(id, Cancel))!.CancelRequestedAt));
        await Queue.FinishAsync([Done((await History.FindAsync(id, Cancel))!)]);
        Assert.Equal(AlreadyFinished, await Queue.CancelPendingAsync(id, Alice, null, Cancel));
    }

    [Fact]
    public async Task Nothing_of_a_line_starts_while_it_is_being_canceled()
    {
        var deployment = await AddDeploymentAsync();
        Guid[] line = [await EnqueueAsync(deployment), await EnqueueAsync(deployment), await EnqueueAsync(deployment)];
        var order = new List<int>();

        await Bulk.CancelAsync(
            TaskFilter.All, new BulkRequest(AlsoStarted: false, null), Alice,
            (done, of) => order.Add(done * 10 + of), Cancel);

        Assert.Equal([13, 23, 33], order);
        var ended = await Task.WhenAll(line.Select(async id => (await History.FindAsync(id, Cancel))!.FinishedAt!.Value));
        Assert.Equal(ended.OrderDescending(), ended);
    }

    [Fact]
    public async Task Only_what_the_filter_lets_through_is_canceled()
    {
        var (one, other) = (await AddDeploymentAsync("one"), await AddDeploymentAsync("other"));
        await EnqueueAsync(one);
        var kept = await EnqueueAsync(other);

        await CancelAsync(TaskFilter.OfDeployment(one.Id), alsoStarted: false);

        Assert.Equal(DeploymentTaskStatus.Pending, (await History.FindAsync(kept, Cancel))!.Status);
    }

    [Fact]
    public async Task Each_task_is_canceled_by_who_may_alone()
    {
        var deployment = await AddDeploymentAsync();
        var bob = await AddBobAsync();
        var own = await EnqueueAsync(TaskFor(deployment) with { Actor = bob });
        var others = await EnqueueAsync(TaskFor(deployment));

        Assert.Equal(new BulkCount(1, 0, 1), await Bulk.CountAsync(TaskFilter.All, bob, Cancel));
        var outcome = await Bulk.CancelAsync(TaskFilter.All, new BulkRequest(false, null), bob, (_, _) => { }, Cancel);

        Assert.Equal((1, 0), (outcome.Of(Canceled), outcome.Left));
        Assert.Equal(DeploymentTaskStatus.Canceled, (await History.FindAsync(own, Cancel))!.Status);
        Assert.Equal(DeploymentTaskStatus.Pending, (await History.FindAsync(others, Cancel))!.Status);
        var stranger = new Actor.User(Guid.NewGuid(), "nobody");
        Assert.Equal(new BulkCount(0, 0, 0), await Bulk.CountAsync(TaskFilter.All, stranger, Cancel));
    }

    [Fact]
    public async Task What_is_queued_after_the_question_is_not_canceled()
    {
        var deployment = await AddDeploymentAsync();
        var asked = await EnqueueAsync(deployment);
        var filter = await Bulk.UntilNowAsync(TaskFilter.All, Cancel);
        var later = await EnqueueAsync(deployment);

        await CancelAsync(filter, alsoStarted: false);

        Assert.Equal(DeploymentTaskStatus.Canceled, (await History.FindAsync(asked, Cancel))!.Status);
        Assert.Equal(DeploymentTaskStatus.Pending, (await History.FindAsync(later, Cancel))!.Status);
    }

    [Fact]
    public async Task One_call_deals_with_so_many_and_says_how_many_are_left()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        await ExecuteAsync($"""
            WITH task AS (
                INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
                    attempt, fence, created_at, execute_at, acting_user_id, actor_name, kind_name, deployment_name,
                    cluster_name, namespace)
                SELECT gen_random_uuid(), deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
                    attempt, fence, created_at, execute_at, acting_user_id, actor_name, kind_name, deployment_name,
                    cluster_name, namespace FROM deployment_tasks, generate_series(1, {BulkCancellation.Most + 2})
                RETURNING id, deployment_id, run_cluster_id, op_kind, created_at, execute_at)
            INSERT INTO task_queue (task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, fence)
            SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, 'Blocked', 0 FROM task
            """);

        var outcome = await CancelAsync(TaskFilter.All, alsoStarted: false);

        Assert.Equal((BulkCancellation.Most, 3), (outcome.Of(Canceled), outcome.Left));
    }

    private Task<BulkOutcome> CancelAsync(TaskFilter filter, bool alsoStarted) =>
        Bulk.CancelAsync(filter, new BulkRequest(alsoStarted, "wrong branch"), Alice, (_, _) => { }, Cancel);

    private async Task<Actor> AddBobAsync()
    {
        await using var db = await DbAsync();
        var bob = new User { DisplayName = "Bob", Email = "bob@example.org" };
        db.Add(bob);
        db.Add(new EnvPermission { EnvId = Env.Id, UserId = bob.Id, Role = EnvRole.User });
        await db.SaveChangesAsync(Cancel);
        return new Actor.User(bob.Id, bob.DisplayName);
    }
}
