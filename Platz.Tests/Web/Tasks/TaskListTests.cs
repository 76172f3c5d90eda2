using System.Text.Json.Nodes;
using Bunit;
using Npgsql;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Live;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class TaskListTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task A_range_that_moves_on_during_a_read_does_not_keep_the_list_from_following()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(TaskFor(deployment, new Install(Chart.Id, new JsonObject { ["replicas"] = 2 }, null)));
        var since = TimeProvider.System.GetUtcNow().AddHours(-1);
        IRenderedComponent<TaskList> list;
        await using (var connection = await Source.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand("LOCK TABLE helm_charts", connection); // read after the tasks
            await hold.ExecuteNonQueryAsync(Cancel);
            list = Page.Render<TaskList>(p => Show(p, since));
            await UntilAsync("EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'helm_charts'::regclass)");
            list.Render(p => Show(p, since.AddMinutes(1)));
        }

        list.WaitForAssertion(() => Assert.Equal([$"{first}"], Shown(list)), Patience);
        var second = await EnqueueAsync(deployment);
        list.WaitForAssertion(() => Assert.Equal([$"{second}", $"{first}"], Shown(list)), Patience);

        void Show(ComponentParameterCollectionBuilder<TaskList> p, DateTimeOffset from) => p
            .Add(l => l.Filter, TaskFilter.All with { DeploymentIds = [deployment.Id], CreatedFrom = from })
            .Add(l => l.Topic, new Topic.Deployment(Env.Id, deployment.Id))
            .Add(l => l.PageAddress, page => $"/history?page={page}");
    }

    private static IEnumerable<string?> Shown(IRenderedComponent<TaskList> list) =>
        list.FindAll("tr.task").Select(row => row.GetAttribute("data-task"));
}
