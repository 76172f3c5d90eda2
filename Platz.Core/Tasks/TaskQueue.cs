using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>
/// Every write to tasks (queue.md): enqueue and cancel here, what runners do in <c>TaskQueue.Runner.cs</c>, the
/// statements in <c>TaskQueue.Sql.cs</c>. Rows are always locked in one order, so that no two writes wait for each
/// other: advisory lock of the deployment, queue row, task row, deployment row.
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
        await using var command = Command(db, LockSql);
        command.Parameters.AddWithValue("deployments", deploymentIds.ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// Adds a task in the caller's transaction. A second call with the same idempotency key answers with the first
    /// call's task.
    /// </summary>
    /// <returns>The id of the task now in the queue.</returns>
    public static async Task<Guid> EnqueueAsync(PlatzDb db, NewTask task, CancellationToken cancel)
    {
        await LockAsync(db, [task.DeploymentId], cancel);
        if (task.IdempotencyKey is { } key && await FindAsync(db, task.DeploymentId, key, cancel) is { } existing)
        {
            return existing;
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
    public async Task<CancelOutcome> CancelAsync(
        Guid taskId, Actor actor, string? reason, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var outcome = await CancelAsync(db, taskId, actor, reason, cancel);
        await transaction.CommitAsync(cancel);
        return outcome;
    }

    /// <inheritdoc cref="CancelAsync(Guid, Actor, string?, CancellationToken)"/>
    public static async Task<CancelOutcome> CancelAsync(
        PlatzDb db, Guid taskId, Actor actor, string? reason, CancellationToken cancel)
    {
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
        var outcome = Enum.Parse<CancelOutcome>((string)(await command.ExecuteScalarAsync(cancel))!);
        if (outcome is CancelOutcome.Canceled)
        {
            await using var after = Command(db, AfterCancelSql);
            after.Parameters.AddWithValue("deployments", new[] { deploymentId });
            await after.ExecuteNonQueryAsync(cancel);
        }

        return outcome;
    }

    private static async Task<Guid?> FindAsync(
        PlatzDb db, Guid deploymentId, string idempotencyKey, CancellationToken cancel) =>
        await db.Tasks.Where(t => t.DeploymentId == deploymentId && t.IdempotencyKey == idempotencyKey)
            .Select(t => (Guid?)t.Id).SingleOrDefaultAsync(cancel);

    /// <summary>Queue writes happen only inside a transaction that the caller commits.</summary>
    private static NpgsqlCommand Command(PlatzDb db, string sql)
    {
        var transaction = db.Database.CurrentTransaction
            ?? throw new InvalidOperationException("The queue is written inside a transaction.");
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        return new NpgsqlCommand(sql, connection)
        {
            Transaction = (NpgsqlTransaction)Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions
                .GetDbTransaction(transaction),
        };
    }

    private static NpgsqlParameter<T?> Nullable<T>(string name, T? value) => new(name, value);
}

/// <summary>What a cancel came to; exactly one caller is ever told <see cref="Canceled"/> or <see cref="StopRequested"/>.</summary>
public enum CancelOutcome
{
    NotFound,
    Canceled,
    StopRequested,
    AlreadyRequested,
    AlreadyFinished,
}
