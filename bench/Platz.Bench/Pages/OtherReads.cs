using Platz.Bench.Seed;
using Platz.Core.Activity;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Bench.Pages;

/// <summary>What pages read besides a page of tasks.</summary>
internal static class OtherReads
{
    public static IEnumerable<(string Part, string What, Func<Task> Read)> All(
        BenchDatabase database, CancellationToken cancel)
    {
        var (history, search) = (database.Get<TaskHistory>(), database.Get<TaskSearch>());
        var activity = new ActivityReads(database.Databases, TimeProvider.System);
        var touched = new TouchedDeployments(database.Databases, TimeProvider.System);
        var choices = new FilterChoices(database.Databases);
        var deployments = database.Get<DeploymentList>();
        TaskFilter big = TaskFilter.OfDeployment(TaskSeed.BigDeployment), env = new() { EnvId = TaskSeed.Env(1) };
        return
        [
            ("While a page is open", "same rows, and how many are newer", async () =>
                await history.SameRowsAsync(big, await history.PageAsync(big, 500, cancel), cancel)),
            ("While a page is open", "running, queued, scheduled in all envs", () =>
                activity.ActiveAsync(TaskFilter.All, cancel)),
            ("While a page is open", "running, queued, scheduled in an env", () => activity.ActiveAsync(env, cancel)),
            ("While a page is open", "counts by status, a deployment", () =>
                database.Get<StatusCounts>().OfAsync(TaskSeed.BigDeployment, null, cancel)),
            ("Deployments", "touched in an env", () => touched.ReadAsync(env, cancel)),
            ("Deployments", "touched in all envs, failed", () =>
                touched.ReadAsync(new TaskFilter { Statuses = [Failed] }, cancel)),
            ("Deployments", "list of a kind, with their last tasks", () =>
                deployments.PageAsync(new DeploymentFilter(TaskSeed.Env(1), TaskSeed.Kind(1)), cancel)),
            ("Choices", "actors", () => choices.ActorsAsync(null, "user 1", cancel)),
            ("Choices", "deployments", () => choices.DeploymentsAsync(null, "app-1", cancel)),
            ("Exports", "500 of an env", () => search.SliceAsync(env, null, 500, cancel)),
            ("Exports", "500 of an env, long ago", () => search.SliceAsync(
                env, new TaskCursor(TimeProvider.System.GetUtcNow().AddDays(-300), Guid.Empty), 500, cancel)),
            ("Exports", "the next part of a rare combination", () => search.SliceAsync(
                env with { Statuses = [Canceled], OpKinds = ["Recreate"] }, null, 500, cancel)),
        ];
    }
}
