using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Lists of tasks by any combination of filters, newest first, with exact totals (contract 4).</summary>
public sealed class TaskSearch(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public async Task<(IReadOnlyList<DeploymentTask> Items, int Total)> FindAsync(
        TaskFilter filter, int skip, int take, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var wanted = Wanted(db, filter);
        var total = await wanted.CountAsync(cancel);

        // Ids first: an offset over ids walks the index, an offset over rows reads the rows.
        var ids = NewestFirst(wanted).Skip(skip).Take(take).Select(t => t.Id);
        var items = await NewestFirst(db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id))).ToListAsync(cancel);
        return (items, total);
    }

    private IQueryable<DeploymentTask> Wanted(PlatzDb db, TaskFilter filter)
    {
        var tasks = db.Tasks.AsNoTracking();
        tasks = filter.DeploymentId is { } deployment ? tasks.Where(t => t.DeploymentId == deployment) : tasks;
        tasks = filter.ClusterId is { } cluster ? tasks.Where(t => t.ClusterId == cluster) : tasks;
        tasks = filter.EnvId is { } env ? tasks.Where(t => t.EnvId == env) : tasks;
        tasks = filter.EnvIds is { } envs ? tasks.Where(t => envs.Contains(t.EnvId)) : tasks;
        tasks = filter.Status is { } status ? tasks.Where(t => t.Status == status) : tasks;
        tasks = filter.CreatedFrom is { } from ? tasks.Where(t => t.CreatedAt >= from) : tasks;
        if (filter.ActiveOnly)
        {
            // The queue holds exactly the tasks that are Pending or Started, and is small.
            tasks = tasks.Where(t => db.Set<QueuedTask>().Any(q => q.TaskId == t.Id));
        }

        if (!filter.ShowFuture)
        {
            var now = clock.GetUtcNow();
            tasks = tasks.Where(t => t.ExecuteAt <= now);
        }

        return tasks;
    }

    private static IOrderedQueryable<DeploymentTask> NewestFirst(IQueryable<DeploymentTask> tasks) =>
        tasks.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id);
}

/// <summary>Which tasks to list; what is null or left alone does not matter.</summary>
public sealed record TaskFilter
{
    public Guid? DeploymentId { get; init; }

    public Guid? ClusterId { get; init; }

    public Guid? EnvId { get; init; }

    /// <summary>The envs that may be seen; null for all.</summary>
    public IReadOnlyList<Guid>? EnvIds { get; init; }

    public DeploymentTaskStatus? Status { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only tasks that are Pending or Started.</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>Also tasks whose time has not come.</summary>
    public bool ShowFuture { get; init; } = true;
}
