using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>Reinstalls that follow from something else: folded while they wait, and after the provider's end.</summary>
public sealed class ReinstallTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task A_burst_of_causes_folds_into_one_pending_reinstall_that_lists_them_all()
    {
        var shop = await AddDeploymentAsync();
        await ReinstallAsync("secret db/password changed", shop);
        await ReinstallAsync("secret db/user changed", shop);
        await ReinstallAsync("secret db/password changed", shop);

        var task = Assert.Single(await TasksAsync(shop));
        var reinstall = Assert.IsType<Reinstall>(task.Operation);
        Assert.Equal(
            ["secret db/password changed", "secret db/user changed", "secret db/password changed"],
            reinstall.Causes.Select(c => c.Text));
        Assert.All(reinstall.Causes, cause => Assert.Equal("Alice", cause.Actor));
        Assert.Equal("secret db/password changed; secret db/user changed", reinstall.Reason);
        Assert.Equal(reinstall.Reason, task.Reason);
    }

    [Fact]
    public async Task A_cause_after_the_reinstall_has_started_makes_another()
    {
        var shop = await AddDeploymentAsync();
        await ReinstallAsync("secret a/b changed", shop);
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await ReinstallAsync("secret a/c changed", shop);
        var tasks = await TasksAsync(shop);
        Assert.Equal(2, tasks.Count);
        Assert.Equal(DeploymentTaskStatus.Started, tasks[0].Status);
        Assert.Equal(DeploymentTaskStatus.Pending, tasks[1].Status);
        Assert.Empty(await Queue.ClaimAsync(Claims(), Cancel)); // one at a time
    }

    [Fact]
    public async Task Disabled_and_deleted_deployments_are_left_alone()
    {
        var (off, gone) = (await AddDeploymentAsync("off"), await AddDeploymentAsync("gone"));
        await ExecuteAsync($"UPDATE deployments SET enabled = false WHERE id = '{off.Id}'");
        await ExecuteAsync($"UPDATE deployments SET deleted_at = now() WHERE id = '{gone.Id}'");
        await ReinstallAsync("secret a/b changed", off, gone);
        Assert.Empty(await TasksAsync(off));
        Assert.Empty(await TasksAsync(gone));
    }

    [Fact]
    public async Task Dependents_follow_when_the_provider_is_done_and_not_before()
    {
        var (provider, dependent) = await DependencyAsync();
        await EnqueueAsync(TaskFor(provider, new Upgrade(Chart.Id, null, [])));
        var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Empty(await TasksAsync(dependent));

        await Queue.FinishAsync(Done(started) with { ReinstallsDependents = true });
        var task = Assert.Single(await TasksAsync(dependent));
        Assert.Equal("Web/provider was re-deployed", task.Reason);
        Assert.Equal(new Actor.Deployment(provider.Id, "web-provider"), task.Actor);
        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(task.Id, claimed.Id);
    }

    [Fact]
    public async Task Nobody_follows_a_provider_that_failed()
    {
        var (provider, dependent) = await DependencyAsync();
        await EnqueueAsync(TaskFor(provider, new Upgrade(Chart.Id, null, [])));
        var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([
            Done(started) with { Status = DeploymentTaskStatus.Failed, Reason = "no", ReinstallsDependents = true },
        ]);
        Assert.Empty(await TasksAsync(dependent));
    }

    [Fact]
    public async Task A_dependent_whose_chart_does_not_want_to_follow_does_not()
    {
        var (provider, dependent) = await DependencyAsync();
        await ExecuteAsync("UPDATE helm_charts SET reinstall_dependencies = false");
        await EnqueueAsync(TaskFor(provider));
        var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync(Done(started) with { ReinstallsDependents = true });
        Assert.Empty(await TasksAsync(dependent));
    }

    [Fact]
    public async Task A_reinstall_makes_no_other()
    {
        var (provider, dependent) = await DependencyAsync();
        await ReinstallAsync("secret a/b changed", provider);
        var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync(Done(started) with { ReinstallsDependents = true }); // even if a runner said so
        Assert.Empty(await TasksAsync(dependent));
    }

    [Fact]
    public async Task A_thousand_and_more_at_once_each_get_one()
    {
        await ExecuteAsync($"""
            INSERT INTO deployments (id, created_at, name, kind_id, cluster_id, namespace, enabled, status, helm_chart_id, version)
            SELECT gen_random_uuid(), now(), 'd' || i, '{Kind.Id}', '{Cluster.Id}', 'web-d' || i, true, 'Running',
                '{Chart.Id}', 0 FROM generate_series(1, 1500) AS i
            """);
        await using (var db = await DbAsync())
        {
            var all = await db.Deployments.Select(d => d.Id).ToListAsync(Cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await TaskQueue.ReinstallAsync(db, all, "env tolerations changed", Alice, Cancel);
            await transaction.CommitAsync(Cancel);
        }

        await using var read = await DbAsync();
        Assert.Equal(1500, await read.Tasks.CountAsync(t => t.OpKind == nameof(Reinstall), Cancel));
        Assert.Equal(1500, await read.Tasks.Select(t => t.DeploymentId).Distinct().CountAsync(Cancel));
    }

    [Fact]
    public async Task A_burst_from_many_sides_while_runners_claim_loses_no_cause()
    {
        var shop = await AddDeploymentAsync();
        var sides = Enumerable.Range(0, 6).Select(side => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await ReinstallAsync($"cause {side}.{i}", shop);
            }
        })).ToList();
        var all = Task.WhenAll(sides);
        while (!all.IsCompleted)
        {
            foreach (var started in await Queue.ClaimAsync(Claims(), Cancel))
            {
                await Queue.FinishAsync([Done(started)]);
            }
        }

        await all;
        var causes = (await TasksAsync(shop)).SelectMany(t => ((Reinstall)t.Operation).Causes).Select(c => c.Text).ToList();
        Assert.Equal(90, causes.Count);
        Assert.Equal(90, causes.Distinct().Count());
    }

    private async Task<(Deployment Provider, Deployment Dependent)> DependencyAsync()
    {
        var (provider, dependent) = (await AddDeploymentAsync("provider"), await AddDeploymentAsync("dependent"));
        await using var db = await DbAsync();
        db.Add(new DeploymentDependency
        {
            DeploymentId = dependent.Id,
            Kind = DependencyKind.Deployment,
            TargetId = provider.Id,
        });
        await db.SaveChangesAsync(Cancel);
        return (provider, dependent);
    }

    private async Task ReinstallAsync(string cause, params Deployment[] deployments)
    {
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await TaskQueue.ReinstallAsync(db, [.. deployments.Select(d => d.Id)], cause, Alice, Cancel);
        await transaction.CommitAsync(Cancel);
    }

    private async Task<List<DeploymentTask>> TasksAsync(Deployment deployment)
    {
        await using var db = await DbAsync();
        return await db.Tasks.AsNoTracking().Where(t => t.DeploymentId == deployment.Id).OrderBy(t => t.CreatedAt)
            .ToListAsync(Cancel);
    }
}
