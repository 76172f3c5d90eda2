using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Activity;

/// <summary>Reads what an Activity page shows besides its list of what has ended.</summary>
public sealed class ActivityReads(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>So many of those that run, wait or are scheduled are shown; the rest is counted.</summary>
    public const int Most = 50;

    public async Task<ActivityScope> ScopeAsync(Actor actor, Guid? envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var grants = await Access.GrantsAsync(db, actor, cancel);
        var visible = grants.Visible;
        return new ActivityScope(grants, envId,
            await db.Envs.Where(e => visible == null || visible.Contains(e.Id))
                .ToDictionaryAsync(e => e.Id, e => e.Name, cancel),
            await db.Kinds.ToDictionaryAsync(k => k.Name, k => k.Id, cancel));
    }

    /// <summary>What runs, waits or is scheduled, of what the filter lets through.</summary>
    public async Task<ActiveTasks> ActiveAsync(TaskFilter filter, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await (
            from task in await new TaskPaths(db).LiveAsync(filter, clock.GetUtcNow(), cancel)
            join queued in db.Set<QueuedTask>() on task.Id equals queued.TaskId
            orderby queued.State == QueueState.Started descending, queued.State == QueueState.Ready descending,
                queued.State, task.StartedAt, queued.ReadyAt, queued.ExecuteAt, queued.CreatedAt, queued.TaskId
            select new { task, queued.State }).Take(Most * 3).ToListAsync(cancel);
        return new ActiveTasks(
            Of(QueueState.Started), Of(QueueState.Ready, QueueState.Blocked), Of(QueueState.Scheduled),
            await QueuePlace.OfAsync(db, rows.Select(row => row.task), cancel));

        IReadOnlyList<DeploymentTask> Of(params QueueState[] states) =>
            [.. rows.Where(row => states.Contains(row.State)).Select(row => row.task)];
    }

    /// <summary>The rows as they were shown, each in its place, as they are now.</summary>
    /// <param name="now">What would be shown to who comes now.</param>
    public async Task<ActiveTasks> InPlaceAsync(ActiveTasks shown, ActiveTasks now, CancellationToken cancel)
    {
        var known = now.All.ToDictionary(t => t.Id);
        var gone = shown.All.Select(t => t.Id).Where(id => !known.ContainsKey(id)).ToList();
        if (gone.Count > 0)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var ended = await db.Tasks.AsNoTracking().Where(t => gone.Contains(t.Id)).ToListAsync(cancel);
            ended.ForEach(task => known[task.Id] = task);
        }

        return shown.With(known, now.Waits);
    }
}
