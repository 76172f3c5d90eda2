using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Activity;

/// <summary>Which deployments the tasks of a filter were about.</summary>
public sealed class TouchedDeployments(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>So many are listed, those with the most tasks first.</summary>
    public const int Most = 100;

    /// <summary>The newest so many tasks are counted.</summary>
    public const int MostTasks = TaskHistory.CountLimit;

    public async Task<TouchedPage> ReadAsync(TaskFilter filter, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var newest = await new TaskPaths(db).NewestAsync(filter, clock.GetUtcNow(), MostTasks, cancel);
        var touched = from task in newest
                      group task by task.DeploymentId into same
                      select new
                      {
                          Id = same.Key,
                          Tasks = same.Count(),
                          Failed = same.Count(t => t.Failed),
                          Last = same.Max(t => t.CreatedAt),
                      };
        var rows = await (
            from touch in touched
            join deployment in db.Deployments on touch.Id equals deployment.Id
            join kind in db.Kinds on deployment.KindId equals kind.Id
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            join env in db.Envs on cluster.EnvId equals env.Id
            orderby touch.Tasks descending, touch.Last descending, touch.Id
            select new TouchedDeployment(
                touch.Id, deployment.Name != "" ? deployment.Name : deployment.Namespace, kind.Name, env.Name,
                touch.Tasks, touch.Failed, touch.Last)).Take(Most + 1).ToListAsync(cancel);
        return new TouchedPage([.. rows.Take(Most)], rows.Count > Most);
    }
}

/// <param name="HasMore">Whether there are more than are listed.</param>
public sealed record TouchedPage(IReadOnlyList<TouchedDeployment> Items, bool HasMore);

/// <param name="Tasks">How many of the tasks were about it, and how many of those failed.</param>
public sealed record TouchedDeployment(
    Guid Id, string Name, string Kind, string Env, int Tasks, int Failed, DateTimeOffset Last);
