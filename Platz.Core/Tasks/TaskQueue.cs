using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>
/// Every write to tasks (queue.md): enqueue and cancel here, what runners do in <c>TaskQueue.Runner.cs</c>, the
/// statements in <c>TaskQueue.Sql.cs</c>. Rows are always locked in one order, so that no two writes wait for each
/// other: advisory lock of the deployment, queue row, task row, deployment row. Batches of several tasks take what is
/// free in any order, and wait for none of it (<c>TaskQueue.Together.cs</c>).
/// </summary>
public sealed partial class TaskQueue(NpgsqlDataSource database, IDbContextFactory<PlatzDb> databases)
{
    /// <summary>
    /// Keeps everybody else from queueing or finishing tasks of these deployments until the transaction ends. Taken
    /// before the deployment's row is read for a change.
    /// </summary>
    public static async Task LockAsync(
        PlatzDb db, IReadOnlyCollection<Guid> deploymentIds, CancellationToken cancel)
    {
        await using var command = Command(db, LockStatement(deploymentIds));
        command.Parameters.AddWithValue("deployments", deploymentIds.ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// Beyond so many deployments everything is locked at once: PostgreSQL's table of locks is shared by all sessions,
    /// and has room for some 6,000 with its default settings.
    /// </summary>
    private const int MostSingleLocks = 1_000;

    private static string LockStatement(IReadOnlyCollection<Guid> deployments) =>
        deployments.Count > MostSingleLocks ? LockAllSql : LockSql;

    /// <summary>
    /// Adds a task in the caller's transaction. A second call with the same idempotency key answers with the first
    /// call's task.
    /// </summary>
    /// <returns>The id of the task now in the queue.</returns>
    public static async Task<Guid> EnqueueAsync(PlatzDb db, NewTask task, CancellationToken cancel)
    {
        await LockAsync(db, [task.DeploymentId], cancel);
        if (await RepeatedAsync(db, task.DeploymentId, task.IdempotencyKey, cancel) is { } existing)
        {
            return existing.Id;
        }

        await using (var promote = Command(db, PromoteSql))
        {
            promote.Parameters.AddWithValue("deployments", new[] { task.DeploymentId });
            await promote.ExecuteNonQueryAsync(cancel);
        }

        await using var insert = Command(db, EnqueueSql);
        AddParameters(insert.Parameters, task);
        await insert.ExecuteNonQueryAsync(cancel);
        return task.Id;
    }

    /// <summary>
    /// Cancels a pending task at once; asks a started one to stop before its next phase (contract 2.1).
    /// </summary>
    public Task<CancelOutcome> CancelAsync(Guid taskId, Actor actor, string? reason, CancellationToken cancel) =>
        CancelAsync(taskId, new Canceling(actor, reason, AlsoStarted: true), cancel);

    /// <summary>Why this actor may not cancel the task; null when they may.</summary>
    public async Task<CancelOutcome?> CancelRefusalAsync(Guid taskId, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await MayCancelAsync(db, taskId, actor, cancel);
    }

    /// <summary>Cancels a task unless it has started, whatever it was when somebody last looked.</summary>
    public Task<CancelOutcome> CancelPendingAsync(Guid taskId, Actor actor, string? reason, CancellationToken cancel) =>
        CancelAsync(taskId, new Canceling(actor, reason, AlsoStarted: false), cancel);

    private async Task<CancelOutcome> CancelAsync(Guid taskId, Canceling canceling, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await MayCancelAsync(db, taskId, canceling.Actor, cancel) is { } refused)
        {
            return refused;
        }

        var outcome = await CancelAsync(db, taskId, canceling, cancel);
        await transaction.CommitAsync(cancel);
        return outcome;
    }

    /// <inheritdoc cref="CancelAsync(Guid, Actor, string?, CancellationToken)"/>
    public static Task<CancelOutcome> CancelAsync(
        PlatzDb db, Guid taskId, Actor actor, string? reason, CancellationToken cancel) =>
        CancelAsync(db, taskId, new Canceling(actor, reason, AlsoStarted: true), cancel);

    private static async Task<CancelOutcome> CancelAsync(
        PlatzDb db, Guid taskId, Canceling canceling, CancellationToken cancel)
    {
        var (actor, reason, alsoStarted) = canceling;
        var deployment = await db.Tasks.Where(t => t.Id == taskId).Select(t => (Guid?)t.DeploymentId)
            .SingleOrDefaultAsync(cancel);
        if (deployment is not { } deploymentId)
        {
            return CancelOutcome.NotFound;
        }

        await LockAsync(db, [deploymentId], cancel);
        await using (var lockTask = Command(db, LockTaskSql))
        {
            lockTask.Parameters.AddWithValue("task", taskId);
            await lockTask.ExecuteNonQueryAsync(cancel);
        }

        await using var command = Command(db, CancelSql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("deployment", deploymentId);
        command.Parameters.Add(Nullable("user", actor.UserId));
        command.Parameters.Add(Nullable("bot", actor.BotId));
        command.Parameters.Add(Nullable("acting", actor.DeploymentId));
        command.Parameters.AddWithValue("name", actor.Name);
        command.Parameters.Add(Nullable("reason", reason));
        command.Parameters.AddWithValue("also_started", alsoStarted);
        var outcome = Enum.Parse<CancelOutcome>((string)(await command.ExecuteScalarAsync(cancel))!);
        if (outcome is CancelOutcome.Canceled)
        {
            await using var after = Command(db, AfterCancelSql);
            after.Parameters.AddWithValue("deployments", new[] { deploymentId });
            await after.ExecuteNonQueryAsync(cancel);
        }

        return outcome;
    }

    /// <summary>The task that an earlier request with the same key made.</summary>
    public static async Task<RepeatedTask?> RepeatedAsync(
        PlatzDb db, Guid deploymentId, IdempotencyKey? key, CancellationToken cancel) => key is null
            ? null
            : await db.Tasks.Where(t => t.DeploymentId == deploymentId && t.IdempotencyKey == key.Key)
                .Select(t => (RepeatedTask?)new RepeatedTask(t.Id, t.IdempotencyRequest != key.Request))
                .SingleOrDefaultAsync(cancel);

    /// <summary>Cancels all tasks of a deployment that have not started.</summary>
    public static Task CancelWaitingAsync(
        PlatzDb db, Guid deploymentId, Actor actor, string reason, CancellationToken cancel) =>
        CancelAllAsync(db, Waiting(db, deploymentId), actor, reason, cancel);

    /// <summary>Cancels the Reinstalls of a deployment that have not started: what is disabled follows nothing any more.</summary>
    public static Task CancelReinstallsAsync(
        PlatzDb db, Guid deploymentId, Actor actor, string reason, CancellationToken cancel) => CancelAllAsync(
            db, Waiting(db, deploymentId).Where(q => q.OpKind == nameof(Reinstall)), actor, reason, cancel);

    /// <summary>
    /// Cancels the changes of a deployment whose time has not come: after a later change they would put back what that
    /// one has replaced, or install what it has disabled.
    /// </summary>
    public static Task CancelScheduledChangesAsync(
        PlatzDb db, Guid deploymentId, Actor actor, string reason, CancellationToken cancel) => CancelAllAsync(
            db,
            Waiting(db, deploymentId).Where(q => q.State == QueueState.Scheduled && (q.OpKind == nameof(Install)
                || q.OpKind == nameof(Upgrade) || q.OpKind == nameof(Recreate) || q.OpKind == nameof(Uninstall))),
            actor, reason, cancel);

    private static async Task CancelAllAsync(
        PlatzDb db, IQueryable<QueuedTask> tasks, Actor actor, string reason, CancellationToken cancel)
    {
        foreach (var task in await tasks.Select(q => q.TaskId).ToListAsync(cancel))
        {
            await CancelAsync(db, task, actor, reason, cancel);
        }
    }

    private static IQueryable<QueuedTask> Waiting(PlatzDb db, Guid deploymentId) => db.Set<QueuedTask>()
        .Where(q => q.DeploymentId == deploymentId && q.State != QueueState.Started);

    /// <summary>Whoever asked for it, and those the table of <see cref="Access"/> names (contract 2.1).</summary>
    private static async Task<CancelOutcome?> MayCancelAsync(
        PlatzDb db, Guid taskId, Actor actor, CancellationToken cancel)
    {
        var task = await (
            from t in db.Tasks
            join deployment in db.Deployments on t.DeploymentId equals deployment.Id
            where t.Id == taskId
            select new { t.EnvId, deployment.KindId, t.ActingUserId, t.ActingBotId, t.ActingDeploymentId })
            .SingleOrDefaultAsync(cancel);
        if (task is null)
        {
            return CancelOutcome.NotFound;
        }

        var isOwn = actor switch
        {
            Actor.User user => task.ActingUserId == user.Id,
            Actor.Bot bot => task.ActingBotId == bot.Id,
            Actor.Deployment deployment => task.ActingDeploymentId == deployment.Id,
            _ => false,
        };
        return await Access.OfAsync(db, actor, task.EnvId, task.KindId, cancel) switch
        {
            Standing.None => CancelOutcome.NotFound,
            var standing when isOwn || db.Admits(actor, standing, Permission.CancelTask, task.EnvId) => null,
            _ => CancelOutcome.Forbidden,
        };
    }

    /// <summary>Queue writes happen only inside a transaction that the caller commits.</summary>
    private static NpgsqlCommand Command(PlatzDb db, string sql) =>
        new(sql, (NpgsqlConnection)db.Database.GetDbConnection(), Transaction(db));

    private static NpgsqlTransaction Transaction(PlatzDb db) => db.Database.CurrentTransaction is { } transaction
        ? (NpgsqlTransaction)transaction.GetDbTransaction()
        : throw new InvalidOperationException("The queue is written inside a transaction.");

    private sealed record Canceling(Actor Actor, string? Reason, bool AlsoStarted);

    private static NpgsqlParameter<T?> Nullable<T>(string name, T? value) => new(name, value);
}

/// <summary>What a cancel came to; exactly one caller is ever told <see cref="Canceled"/> or <see cref="StopRequested"/>.</summary>
public enum CancelOutcome
{
    NotFound,
    Forbidden,
    Canceled,
    StopRequested,
    AlreadyRequested,
    AlreadyFinished,

    /// <summary>And only one that has not was to be canceled.</summary>
    HasStarted,
}
