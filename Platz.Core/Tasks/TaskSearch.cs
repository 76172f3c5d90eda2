using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>Lists of tasks by any combination of filters, newest first, with exact totals (contract 4).</summary>
public sealed class TaskSearch(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public async Task<(IReadOnlyList<DeploymentTask> Items, int Total)> FindAsync(
        TaskFilter filter, int skip, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var wanted = Wanted(db, filter, clock.GetUtcNow());
        var total = await wanted.CountAsync(cancel);

        // Ids first: an offset over ids walks the index, an offset over rows reads the rows.
        var ids = NewestFirst(wanted).Skip(skip).Take(take).Select(t => t.Id);
        var items = await NewestFirst(db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id))).ToListAsync(cancel);
        return (items, total);
    }

    internal static IQueryable<DeploymentTask> Wanted(PlatzDb db, TaskFilter filter, DateTimeOffset now)
    {
        var tasks = About(db, db.Tasks.AsNoTracking(), filter);
        tasks = filter.EnvId is { } env ? tasks.Where(t => t.EnvId == env) : tasks;
        tasks = filter.EnvIds is { } envs ? tasks.Where(t => envs.Contains(t.EnvId)) : tasks;
        tasks = filter.CreatedFrom is { } from ? tasks.Where(t => t.CreatedAt >= from) : tasks;
        tasks = filter.CreatedTo is { } to ? tasks.Where(t => t.CreatedAt < to) : tasks;
        if (filter.ActiveOnly)
        {
            // The queue holds exactly the tasks that are Pending or Started, and is small.
            tasks = tasks.Where(t => db.Set<QueuedTask>().Any(q => q.TaskId == t.Id));
        }

        return filter.ShowFuture ? tasks : tasks.Where(t => t.ExecuteAt <= now);
    }

    internal static IOrderedQueryable<DeploymentTask> NewestFirst(IQueryable<DeploymentTask> tasks) =>
        tasks.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id);

    private static IQueryable<DeploymentTask> About(
        PlatzDb db, IQueryable<DeploymentTask> tasks, TaskFilter filter)
    {
        var (deployments, clusters, kinds) = (filter.DeploymentIds, filter.ClusterIds, filter.KindNames);
        var (statuses, operations) = (filter.Statuses, filter.OpKinds);
        tasks = deployments.Count > 0 ? tasks.Where(t => deployments.Contains(t.DeploymentId)) : tasks;
        tasks = clusters.Count > 0 ? tasks.Where(t => clusters.Contains(t.ClusterId)) : tasks;
        tasks = statuses.Count > 0 ? tasks.Where(t => statuses.Contains(t.Status)) : tasks;
        tasks = operations.Count > 0 ? tasks.Where(t => operations.Contains(t.OpKind)) : tasks;
        if (kinds.Count > 0)
        {
            var ofKind = from deployment in db.Deployments
                         join kind in db.Kinds on deployment.KindId equals kind.Id
                         where kinds.Contains(kind.Name)
                         select deployment.Id;
            tasks = tasks.Where(t => ofKind.Contains(t.DeploymentId));
        }

        if (filter.Actors.Count > 0)
        {
            Guid?[] Of(ActorKind kind) => [.. filter.Actors.Where(a => a.Kind == kind).Select(a => (Guid?)a.Id)];
            var (users, bots, acting) = (Of(ActorKind.User), Of(ActorKind.Bot), Of(ActorKind.Deployment));
            tasks = tasks.Where(t => users.Contains(t.ActingUserId) || bots.Contains(t.ActingBotId)
                || acting.Contains(t.ActingDeploymentId));
        }

        return string.IsNullOrWhiteSpace(filter.Text)
            ? tasks
            : tasks.Where(t => EF.Functions.ILike(t.Reason!, SqlPattern.Containing(filter.Text.Trim()), SqlPattern.Escape));
    }
}
