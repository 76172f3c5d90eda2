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
}
