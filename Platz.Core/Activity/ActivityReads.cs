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
        var live = from task in await new TaskPaths(db).LiveAsync(filter, clock.GetUtcNow(), cancel)
                   join place in db.Set<QueuedTask>() on task.Id equals place.TaskId
                   select new { Task = task, Queued = place };
        var counts = await live.GroupBy(row => row.Queued.State).Select(same => new { same.Key, Count = same.Count() })
            .ToDictionaryAsync(same => same.Key, same => same.Count, cancel);
        var running = await FirstAsync(QueueState.Started);
        var queued = await FirstAsync(QueueState.Ready, QueueState.Blocked);
        var scheduled = await FirstAsync(QueueState.Scheduled);
        var waits = await QueuePlace.OfAsync(db, [.. running, .. queued, .. scheduled], cancel);
        return new ActiveTasks(running, queued, scheduled, waits)
        {
            Totals = (Count(QueueState.Started), Count(QueueState.Ready) + Count(QueueState.Blocked),
                Count(QueueState.Scheduled)),
        };

        int Count(QueueState state) => counts.GetValueOrDefault(state);

        async Task<List<DeploymentTask>> FirstAsync(params QueueState[] states) => !states.Any(counts.ContainsKey)
            ? []
            : await live.Where(row => states.Contains(row.Queued.State))
                .OrderByDescending(row => row.Queued.State == QueueState.Ready).ThenBy(row => row.Task.StartedAt)
                .ThenBy(row => row.Queued.ReadyAt).ThenBy(row => row.Queued.ExecuteAt)
                .ThenBy(row => row.Queued.CreatedAt).ThenBy(row => row.Queued.TaskId)
                .Select(row => row.Task).Take(Most).ToListAsync(cancel);
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
