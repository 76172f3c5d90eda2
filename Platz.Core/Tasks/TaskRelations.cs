using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Reads how tasks hang together: tries of the same thing, rollbacks, causes, the line they stand in.</summary>
public sealed class TaskRelations(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>A chain is followed no further than this; nobody counts on after it.</summary>
    private const int MostRetries = 100;

    /// <summary>Of each kind; a list that is longer says so.</summary>
    private const int Most = 20;

    /// <summary>Far more tasks than ever stand between the one that ended and the one that this caused.</summary>
    private const int LookBack = 50;

    /// <summary>What follows from the end of a task is queued in the same transaction.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(10);

    private const string RetriesSql = """
        WITH RECURSIVE chain AS (
            SELECT t.id, t.retry_of_task_id AS earlier, 0 AS retries FROM deployment_tasks t WHERE t.id = ANY (@tasks)
            UNION ALL
            SELECT c.id, t.retry_of_task_id, c.retries + 1
            FROM chain c JOIN deployment_tasks t ON t.id = c.earlier WHERE c.retries < @most)
        SELECT id AS "Id", max(retries) AS "Count" FROM chain GROUP BY id
        """;

    private static readonly Expression<Func<DeploymentTask, RelatedTask>> s_shown = t => new RelatedTask(
        t.Id, t.OpKind, t.Status, t.CreatedAt, t.DeploymentId,
        t.DeploymentName == "" ? t.Namespace : t.DeploymentName, t.ActorName);

    /// <returns>Which retry each of these is: 1 for the first, 0 for what is none.</returns>
    public async Task<Dictionary<Guid, int>> RetriesAsync(IReadOnlyList<Guid> taskIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Database.SqlQueryRaw<RetryCount>(
                RetriesSql, new NpgsqlParameter("tasks", taskIds.ToArray()), new NpgsqlParameter("most", MostRetries))
            .ToDictionaryAsync(t => t.Id, t => t.Count, cancel);
    }

    /// <summary>All of the same env.</summary>
    public async Task<RelatedTasks> OfAsync(DeploymentTask task, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var near = db.Tasks.AsNoTracking().Where(t => t.EnvId == task.EnvId);
        return new RelatedTasks
        {
            RetryOf = await OneAsync(near, task.RetryOfTaskId, cancel),
            RetriedBy = await ListAsync(near.Where(t => t.RetryOfTaskId == task.Id), cancel),
            RollbackOf = await OneAsync(near, task.RollbackOfTaskId, cancel),
            RolledBackBy = await ListAsync(near.Where(t => t.RollbackOfTaskId == task.Id), cancel),
            CausedBy = await CauseAsync(near, task, cancel),
            Caused = await CausedAsync(near, task, cancel),
            Behind = await LineAsync(db, task, ahead: true, cancel),
            InFrontOf = await LineAsync(db, task, ahead: false, cancel),
            IsCurrent = await db.Deployments.AnyAsync(d => d.Id == task.DeploymentId && d.RevisionId == task.Id, cancel),
            Wait = (await QueuePlace.OfAsync(db, [task], cancel)).GetValueOrDefault(task.Id),
        };
    }

    private static async Task<RelatedTask?> OneAsync(
        IQueryable<DeploymentTask> tasks, Guid? id, CancellationToken cancel) => id is null
            ? null
            : await tasks.Where(t => t.Id == id).Select(s_shown).SingleOrDefaultAsync(cancel);

    private static Task<List<RelatedTask>> ListAsync(IQueryable<DeploymentTask> tasks, CancellationToken cancel) =>
        tasks.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).Take(Most).Select(s_shown).ToListAsync(cancel);

    /// <summary>The task of the acting deployment whose end queued this one.</summary>
    private static async Task<RelatedTask?> CauseAsync(
        IQueryable<DeploymentTask> tasks, DeploymentTask task, CancellationToken cancel)
    {
        if (task is not { Operation: Reinstall, ActingDeploymentId: { } acting, CreatedAt: var at })
        {
            return null;
        }

        var ended = at - s_atOnce;
        return await tasks.Where(t => t.DeploymentId == acting && t.CreatedAt < at)
            .OrderByDescending(t => t.CreatedAt).Take(LookBack)
            .Where(t => t.Status == DeploymentTaskStatus.Done && t.FinishedAt <= at && t.FinishedAt >= ended)
            .OrderByDescending(t => t.FinishedAt).Select(s_shown).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The Reinstalls of those who depend on what this task installed.</summary>
    private static async Task<IReadOnlyList<RelatedTask>> CausedAsync(
        IQueryable<DeploymentTask> tasks, DeploymentTask task, CancellationToken cancel)
    {
        if (task is not
            {
                Operation: Install or Upgrade or Recreate,
                Status: DeploymentTaskStatus.Done,
                FinishedAt: { } at,
            })
        {
            return [];
        }

        var latest = at + s_atOnce;
        return await ListAsync(
            tasks.Where(t => t.CreatedAt >= at && t.CreatedAt <= latest
                && t.ActingDeploymentId == task.DeploymentId && t.OpKind == nameof(Reinstall)),
            cancel);
    }

    /// <summary>The line of its deployment, while the task is in it: all of them are live, so there are few.</summary>
    private static async Task<IReadOnlyList<RelatedTask>> LineAsync(
        PlatzDb db, DeploymentTask task, bool ahead, CancellationToken cancel)
    {
        if (task.Status.IsTerminal)
        {
            return [];
        }

        var queue = db.Set<QueuedTask>();
        var line = queue.Where(q => q.DeploymentId == task.DeploymentId && q.TaskId != task.Id);
        line = from q in line
               from me in queue.Where(me => me.TaskId == task.Id)
               where ahead == (q.State == QueueState.Started || q.ExecuteAt < me.ExecuteAt
                   || (q.ExecuteAt == me.ExecuteAt && q.CreatedAt < me.CreatedAt))
               select q;
        return await line.OrderBy(q => q.ExecuteAt).ThenBy(q => q.CreatedAt).Take(Most)
            .Join(db.Tasks, q => q.TaskId, t => t.Id, (_, t) => t).Select(s_shown).ToListAsync(cancel);
    }

    private sealed record RetryCount(Guid Id, int Count);
}

/// <summary>As much of a task as a link to it tells.</summary>
public sealed record RelatedTask(
    Guid Id, string OpKind, DeploymentTaskStatus Status, DateTimeOffset CreatedAt, Guid DeploymentId,
    string DeploymentName, string ActorName);

/// <summary>What has to do with a task.</summary>
public sealed record RelatedTasks
{
    public RelatedTask? RetryOf { get; init; }

    public IReadOnlyList<RelatedTask> RetriedBy { get; init; } = [];

    /// <summary>The revision that it brought back.</summary>
    public RelatedTask? RollbackOf { get; init; }

    public IReadOnlyList<RelatedTask> RolledBackBy { get; init; } = [];

    public RelatedTask? CausedBy { get; init; }

    public IReadOnlyList<RelatedTask> Caused { get; init; } = [];

    /// <summary>Those of its deployment that run first, in their order.</summary>
    public IReadOnlyList<RelatedTask> Behind { get; init; } = [];

    /// <summary>Those that wait for it.</summary>
    public IReadOnlyList<RelatedTask> InFrontOf { get; init; } = [];

    /// <summary>Whether it is what is installed now.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Where in the queue it stands; null once it has ended.</summary>
    public QueuePlace? Wait { get; init; }

    /// <summary>Whether it stands alone.</summary>
    public bool IsEmpty => this is
    {
        RetryOf: null,
        RollbackOf: null,
        CausedBy: null,
        RetriedBy: [],
        RolledBackBy: [],
        Caused: [],
        Behind: [],
        InFrontOf: [],
    };
}
