using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner;

public sealed class ManyTasksTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task Many_deployments_run_at_once_and_each_one_task_after_the_other()
    {
        const int deployments = 40;
        const int tasks = 200;
        Settings["Runner:MaxConcurrentTasks"] = "16";
        Settings["Runner:MaxConcurrentTasksPerCluster"] = "16";
        for (var i = 0; i < tasks; i++)
        {
            Sandbox.Faults.Add(new HelmScript { Text = "done\n", Seconds = 0.5 });
        }

        await StartRunnerAsync();
        await ChartAsync("hello-web", "1.0.0");
        for (var i = 0; i < deployments; i++)
        {
            var saved = await DeployAsync("hello-web", "1.0.0", $"app-{i}");
            for (var edit = 1; edit < tasks / deployments; edit++)
            {
                Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(
                    saved.DeploymentId, new DeploymentEdit { Config = new() { ["n"] = edit } }, Alice, Cancel));
            }
        }

        await UntilAsync(
            async db => await db.Set<QueuedTask>().AnyAsync(Cancel) ? null : "drained", seconds: 180);

        await using var db = await DbAsync();
        var done = await db.Tasks.AsNoTracking().ToListAsync(Cancel);
        Assert.Equal(tasks, done.Count);
        Assert.All(done, t => Assert.Equal(DeploymentTaskStatus.Done, t.Status));
        foreach (var line in done.GroupBy(t => t.DeploymentId))
        {
            var inOrder = line.OrderBy(t => t.ExecuteAt).ThenBy(t => t.CreatedAt).ThenBy(t => t.Id).ToList();
            Assert.Equal(inOrder, line.OrderBy(t => t.StartedAt));
            Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.First.FinishedAt <= pair.Second.StartedAt));
        }

        Assert.InRange(done.Max(t => done.Count(o => o.StartedAt <= t.StartedAt && o.FinishedAt > t.StartedAt)), 12, 16);
    }

    [Fact]
    public async Task A_scheduled_task_starts_within_a_second_of_its_time_and_not_before()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop");
        var install = await EndOfAsync(saved.TaskId);
        Sandbox.Faults.Add(new HelmScript { Text = "now\n" });
        Sandbox.Faults.Add(new HelmScript { Text = "later\n" });
        var deployment = await DeploymentAsync(saved.DeploymentId);
        var now = TimeProvider.System.GetUtcNow();
        var due = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(20);
        var template = TaskFor(deployment, new Upgrade(deployment.HelmChartId, null, [], null, null, null)) with
        {
            EnvId = install.EnvId,
        };

        var scheduled = await EnqueueAsync(template with { ExecuteAt = due });
        var immediate = await EnqueueAsync(template with { Id = Guid.CreateVersion7() });

        var first = await EndOfAsync(immediate);
        Assert.True(first.FinishedAt < due);
        var second = await EndOfAsync(scheduled);
        Assert.InRange(second.StartedAt!.Value, due, due + TimeSpan.FromSeconds(1));
    }
}
