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
        var walk = await new TaskPaths(db).ChooseAsync(filter, clock.GetUtcNow(), null, null, cancel);
        var found = walk is null ? [] : await db.Database.SqlQueryRaw<FoundTask>(
            walk.Page((Math.Max(1, number) - 1) * PageSize, PageSize, CountLimit), walk.Values.Parameters())
            .ToListAsync(cancel);
        var all = found.FirstOrDefault() ?? FoundTask.None;
        var tasks = await TaskSearch.NewestFirstAsync(db, [.. found.Select(f => f.Id).OfType<Guid>()], cancel);
        return new TaskPage(tasks, await QueuePlace.OfAsync(db, tasks, cancel))
        {
            Total = (int)Math.Min(all.Total, CountLimit),
            HasMore = all.Total > CountLimit,
            Number = (int)(all.Skip / PageSize) + 1,
            Newest = all.Newest,
            // What was queued in the same moment is looked at again, rather than not at all.
            SearchedTo = all.Total > CountLimit ? null : all.SearchedTo?.AddMicroseconds(1),
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
        var tasks = await TaskSearch.NewestFirstAsync(db, [.. shown.Items.Select(t => t.Id)], cancel);
        var walk = await new TaskPaths(db).ChooseAsync(filter, clock.GetUtcNow(), null, shown.Newest, cancel);
        return shown with
        {
            Items = tasks,
            Waits = await QueuePlace.OfAsync(db, tasks, cancel),
            Newer = walk is null ? 0 : await db.Database
                .SqlQueryRaw<int>(walk.Count(CountLimit + 1), walk.Values.Parameters()).SingleAsync(cancel),
        };
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
}

/// <param name="Waits">Where each task of the page stands that has not ended.</param>
public sealed record TaskPage(IReadOnlyList<DeploymentTask> Items, IReadOnlyDictionary<Guid, QueuePlace> Waits)
{
    /// <summary>At most <see cref="TaskHistory.CountLimit"/>; <see cref="HasMore"/> says that there are more.</summary>
    public int Total { get; init; }

    public bool HasMore { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; } = 1;

    public int Pages => Math.Max(1, (Total + TaskHistory.PageSize - 1) / TaskHistory.PageSize);

    /// <summary>When the newest task that matches was queued, on whatever page it stands.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>
    /// Null as a rule. A filter that very few of very many tasks match is not looked for without end: older tasks than
    /// this were left out, and a filter whose <see cref="TaskFilter.CreatedTo"/> is this time goes on where this one
    /// gave up.
    /// </summary>
    public DateTimeOffset? SearchedTo { get; init; }

    /// <summary>How many tasks have been queued since this page was read.</summary>
    public int Newer { get; init; }
}

/// <param name="Id">Null where nothing was found.</param>
internal sealed record FoundTask(Guid? Id, long Total, DateTimeOffset? Newest, DateTimeOffset? SearchedTo, long Skip)
{
    public static FoundTask None { get; } = new(null, 0, null, null, 0);
}
