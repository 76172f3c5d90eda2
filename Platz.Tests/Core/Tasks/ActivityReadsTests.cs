using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Activity;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class ActivityReadsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private ActivityReads Reads => Services.GetRequiredService<ActivityReads>();

    [Fact]
    public async Task Those_that_run_wait_and_are_scheduled_stand_apart_in_their_order()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        var first = await EnqueueAsync(shop);
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var behind = await EnqueueAsync(shop);
        var ready = await EnqueueAsync(blog);
        var later = await EnqueueAsync(TaskFor(shop) with { ExecuteAt = TimeProvider.System.GetUtcNow().AddHours(2) });
        var soon = await EnqueueAsync(TaskFor(blog) with { ExecuteAt = TimeProvider.System.GetUtcNow().AddHours(1) });

        var active = await Reads.ActiveAsync(TaskFilter.All, Cancel);

        Assert.Equal([first], Ids(active.Running));
        Assert.Equal([ready, behind], Ids(active.Queued));
        Assert.Equal([soon, later], Ids(active.Scheduled));
        Assert.Equal(QueueState.Blocked, active.Waits[behind].State);
        Assert.Equal([ready, soon], (await Reads.ActiveAsync(TaskFilter.OfDeployment(blog.Id), Cancel)).All.Select(t => t.Id));
    }

    [Fact]
    public async Task A_long_line_hides_nothing_of_what_is_scheduled_and_is_counted()
    {
        var shop = await AddDeploymentAsync("shop");
        for (var i = 0; i < ActivityReads.Most + 2; i++)
        {
            await EnqueueAsync(shop);
        }

        var later = await EnqueueAsync(TaskFor(shop) with { ExecuteAt = TimeProvider.System.GetUtcNow().AddHours(2) });

        var active = await Reads.ActiveAsync(TaskFilter.All, Cancel);

        Assert.Equal([later], Ids(active.Scheduled));
        Assert.Equal(ActivityReads.Most, active.Queued.Count);
        Assert.Equal((0, ActivityReads.Most + 2, 1), active.Totals);
    }

    [Fact]
    public async Task Rows_that_must_stay_are_shown_in_their_place_as_they_are_now()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        var first = await EnqueueAsync(shop);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var second = await EnqueueAsync(shop);
        var shown = await Reads.ActiveAsync(TaskFilter.All, Cancel);

        await Queue.FinishAsync([Done(task)]);
        await EnqueueAsync(blog);
        var now = await Reads.ActiveAsync(TaskFilter.All, Cancel);
        var inPlace = await Reads.InPlaceAsync(shown, now, Cancel);

        Assert.Equal([first], Ids(inPlace.Running));
        Assert.Equal(DeploymentTaskStatus.Done, inPlace.Running[0].Status);
        Assert.Equal([second], Ids(inPlace.Queued));
        Assert.Equal(QueueState.Ready, inPlace.Waits[second].State);
    }

    [Fact]
    public async Task Deployments_are_counted_by_their_tasks_within_the_filter()
    {
        var (shop, blog, idle) =
            (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"), await AddDeploymentAsync("idle"));
        await RunAsync(blog, DeploymentTaskStatus.Done);
        await RunAsync(shop, DeploymentTaskStatus.Failed);
        await RunAsync(shop, DeploymentTaskStatus.Done);
        var touched = Services.GetRequiredService<TouchedDeployments>();

        var all = await touched.ReadAsync(TaskFilter.All, Cancel);
        Assert.Equal([("shop", 2, 1), ("blog", 1, 0)], all.Items.Select(d => (d.Name, d.Tasks, d.Failed)));
        Assert.Equal((Kind.Name, Env.Name), (all.Items[0].Kind, all.Items[0].Env));
        Assert.False(all.HasMore);
        var failed = await touched.ReadAsync(new TaskFilter { Statuses = [DeploymentTaskStatus.Failed] }, Cancel);
        Assert.Equal([(shop.Id, 1)], failed.Items.Select(d => (d.Id, d.Tasks)));
        Assert.Empty((await touched.ReadAsync(TaskFilter.OfDeployment(idle.Id), Cancel)).Items);
    }

    private async Task RunAsync(Deployment deployment, DeploymentTaskStatus outcome)
    {
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with { Status = outcome, Reason = outcome is DeploymentTaskStatus.Failed ? "no" : null }]);
    }

    private static IEnumerable<Guid> Ids(IReadOnlyList<DeploymentTask> tasks) => tasks.Select(t => t.Id);
}
