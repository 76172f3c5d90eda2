using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Every read of tasks, newest first (queue.md 5).</summary>
public sealed class TaskHistory(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public const int PageSize = 10;

    /// <summary>Pages count no further than this and then say "10,000+".</summary>
    public const int CountLimit = 10_000;

    /// <param name="number">From 1; a number past the end gives the last page.</param>
    public Task<TaskPage> PageAsync(Guid deploymentId, int number, CancellationToken cancel) =>
        PageAsync(TaskFilter.OfDeployment(deploymentId), number, cancel);

    /// <param name="number">From 1; a number past the end gives the last page.</param>
    public async Task<TaskPage> PageAsync(TaskFilter filter, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var wanted = TaskSearch.Wanted(db, filter, clock.GetUtcNow());
        var counted = await NewestFirst(wanted).Take(CountLimit + 1).CountAsync(cancel);
        var total = Math.Min(counted, CountLimit);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);

        // Ids first: an offset over ids walks the index, an offset over rows reads the rows.
        var ids = NewestFirst(wanted).Skip((number - 1) * PageSize).Take(PageSize).Select(t => t.Id);
        var tasks = await NewestFirst(db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id))).ToListAsync(cancel);
        return new TaskPage(tasks, await WaitsAsync(db, tasks, cancel), total, counted > CountLimit, number, pages)
        {
            Newest = number == 1
                ? tasks.FirstOrDefault()?.CreatedAt
                : await NewestFirst(wanted).Select(t => (DateTimeOffset?)t.CreatedAt).FirstOrDefaultAsync(cancel),
        };
    }

    public Task<TaskPage> SameRowsAsync(Guid deploymentId, TaskPage shown, CancellationToken cancel) =>
        SameRowsAsync(TaskFilter.OfDeployment(deploymentId), shown, cancel);

    /// <summary>
    /// The same rows as they are now, whether they still match or not, and how many tasks that match have come since:
    /// for readers who must not lose their place.
    /// </summary>
    public async Task<TaskPage> SameRowsAsync(TaskFilter filter, TaskPage shown, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = shown.Items.Select(t => t.Id).ToList();
        var tasks = await NewestFirst(db.Tasks.AsNoTracking().Where(t => ids.Contains(t.Id))).ToListAsync(cancel);
        var since = TaskSearch.Wanted(db, filter, clock.GetUtcNow())
            .Where(t => shown.Newest == null || t.CreatedAt > shown.Newest);
        var newer = await NewestFirst(since).Take(CountLimit + 1).CountAsync(cancel);
        return shown with { Items = tasks, Waits = await WaitsAsync(db, tasks, cancel), Newer = newer };
    }

    public async Task<DeploymentTask?> FindAsync(Guid taskId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == taskId, cancel);
    }

    public async Task<List<DeploymentTaskPhase>> PhasesAsync(Guid taskId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.TaskPhases.AsNoTracking().Where(p => p.TaskId == taskId).OrderBy(p => p.Seq)
            .ToListAsync(cancel);
    }

    private static IOrderedQueryable<DeploymentTask> NewestFirst(IQueryable<DeploymentTask> tasks) =>
        TaskSearch.NewestFirst(tasks);

    private static async Task<Dictionary<Guid, QueueState>> WaitsAsync(
        PlatzDb db, List<DeploymentTask> tasks, CancellationToken cancel)
    {
        var pending = tasks.Where(t => t.Status is DeploymentTaskStatus.Pending).Select(t => t.Id).ToList();
        return pending.Count == 0
            ? []
            : await db.Set<QueuedTask>().AsNoTracking().Where(q => pending.Contains(q.TaskId))
                .ToDictionaryAsync(q => q.TaskId, q => q.State, cancel);
    }
}

/// <param name="Waits">Why each pending task of the page waits.</param>
/// <param name="Total">Capped at <see cref="TaskHistory.CountLimit"/>; <paramref name="HasMore"/> says that there are more.</param>
public sealed record TaskPage(
    IReadOnlyList<DeploymentTask> Items,
    IReadOnlyDictionary<Guid, QueueState> Waits,
    int Total,
    bool HasMore,
    int Number,
    int Pages)
{
    /// <summary>When the newest task that matches was queued, on whatever page it stands.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>How many tasks have been queued since this page was read.</summary>
    public int Newer { get; init; }
}
