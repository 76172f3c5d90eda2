using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class TaskRelationsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private TaskRelations Relations => Services.GetRequiredService<TaskRelations>();

    [Fact]
    public async Task Retries_are_counted_up_their_chain()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var second = await EnqueueAsync(TaskFor(deployment) with { RetryOfTaskId = first });
        var third = await EnqueueAsync(TaskFor(deployment) with { RetryOfTaskId = second });
        var beside = await EnqueueAsync(TaskFor(deployment) with { RetryOfTaskId = first });

        var retries = await Relations.RetriesAsync([first, second, third, beside], Cancel);

        Assert.Equal([0, 1, 2, 1], new[] { first, second, third, beside }.Select(id => retries[id]));
    }

    [Fact]
    public async Task A_rollback_is_known_from_both_ends()
    {
        var deployment = await AddDeploymentAsync();
        var target = await EnqueueAsync(deployment);
        var rollback = await EnqueueAsync(TaskFor(deployment) with { RollbackOfTaskId = target });

        Assert.Equal(rollback, Assert.Single((await OfAsync(target)).RolledBackBy).Id);
        Assert.Equal(target, (await OfAsync(rollback)).RollbackOf?.Id);
    }

    [Fact]
    public async Task What_a_deployments_end_set_off_is_known_from_both_ends()
    {
        var (provider, dependent) = (await AddDeploymentAsync("db"), await AddDeploymentAsync("app"));
        await ExecuteAsync($"""
            UPDATE deployments SET enabled = true;
            INSERT INTO deployment_dependencies (deployment_id, kind, target_id)
            VALUES ('{dependent.Id}', 'Deployment', '{provider.Id}')
            """);
        var cause = await EnqueueAsync(provider);
        await Queue.FinishAsync([
            Done(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel))) with { ReinstallsDependents = true },
        ]);

        var caused = Assert.Single((await OfAsync(cause)).Caused);

        Assert.Equal((dependent.Id, "Reinstall"), (caused.DeploymentId, caused.OpKind));
        Assert.Equal(cause, (await OfAsync(caused.Id)).CausedBy?.Id);
    }

    [Fact]
    public async Task The_line_of_a_deployment_is_told_in_its_order()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(await AddDeploymentAsync("other"));
        var running = await EnqueueAsync(deployment);
        await Queue.ClaimAsync(Claims(), Cancel);
        var (second, third) = (await EnqueueAsync(deployment), await EnqueueAsync(deployment));

        var relations = await OfAsync(second);

        Assert.Equal((running, third), (Assert.Single(relations.Behind).Id, Assert.Single(relations.InFrontOf).Id));
        Assert.Equal([second, third], (await OfAsync(running)).InFrontOf.Select(task => task.Id));
        Assert.Equal(new QueuePlace(QueueState.Blocked, 1, new LineHead(running, "Install", Runs: true)), relations.Wait);
        Assert.Equal(2, (await OfAsync(third)).Wait?.Ahead);
    }

    [Fact]
    public async Task A_task_that_stands_alone_has_none()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        Assert.True((await OfAsync(id)).IsEmpty);
    }

    private async Task<RelatedTasks> OfAsync(Guid id) =>
        await Relations.OfAsync((await History.FindAsync(id, Cancel))!, Cancel);
}
