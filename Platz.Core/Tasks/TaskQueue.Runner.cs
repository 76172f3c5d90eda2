using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Deployments;

namespace Platz.Core.Tasks;

/// <summary>What runners do with tasks. Everything after the claim is guarded by id, fence and status.</summary>
public sealed partial class TaskQueue
{
    /// <summary>
    /// Starts up to <see cref="ClaimRequest.Total"/> tasks, at most one per deployment: the first of each line.
    /// </summary>
    /// <exception cref="PostgresException">23505 when another runner has just started a task of the same deployment.</exception>
    public Task<List<DeploymentTask>> ClaimAsync(ClaimRequest request, CancellationToken cancel) =>
        TakeAsync(ClaimSql, request, cancel);

    /// <summary>Takes over tasks whose lease has ended or was let go.</summary>
    public Task<List<DeploymentTask>> RescueAsync(ClaimRequest request, CancellationToken cancel) =>
        TakeAsync(RescueSql, request, cancel);

    /// <summary>
    /// Prolongs the leases of all of a runner's tasks in one statement. Blocks: it is called from a thread of its own,
    /// so that a starved thread pool costs nobody a lease (faults.md 4).
    /// </summary>
    /// <returns>The tasks still held; the others have been taken over.</returns>
    public HashSet<Guid> Heartbeat(IReadOnlyCollection<(Guid TaskId, long Fence)> held, TimeSpan lease)
    {
        using var command = database.CreateCommand(HeartbeatSql);
        command.CommandTimeout = 5;
        command.Parameters.AddWithValue("tasks", held.Select(h => h.TaskId).ToArray());
        command.Parameters.AddWithValue("fences", held.Select(h => h.Fence).ToArray());
        command.Parameters.AddWithValue("lease", lease);
        var ids = new HashSet<Guid>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    /// <summary>Records that a task goes on to its next phase, unless it shall stop.</summary>
    /// <param name="status">What the deployment shows from now on; null leaves it.</param>
    public async Task<PhaseEntry> EnterPhaseAsync(
        DeploymentTask task, string phase, DeploymentStatus? status, CancellationToken cancel)
    {
        if (await _phases.WriteAsync(new PhaseStart(task, phase, status), cancel))
        {
            return PhaseEntry.Entered;
        }

        await using var command = database.CreateCommand(EnterPhaseSql);
        command.Parameters.AddWithValue("task", task.Id);
        command.Parameters.AddWithValue("fence", task.Fence);
        command.Parameters.AddWithValue("phase", phase);
        command.Parameters.Add(Nullable("status", status?.ToString()));
        return Enum.Parse<PhaseEntry>((string)(await command.ExecuteScalarAsync(cancel))!);
    }

    /// <summary>Lets a task go at once, for the next runner, or for one that serves <paramref name="clusterId"/>.</summary>
    public async Task ReleaseAsync(Guid taskId, long fence, Guid? clusterId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(ReleaseSql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("fence", fence);
        command.Parameters.Add(Nullable("cluster", clusterId));
        await command.ExecuteNonQueryAsync(cancel); // the changed task row wakes the other runners
    }

    /// <summary>
    /// Ends a task: status, revision and deployment in one transaction, and the next of its line becomes ready. Not
    /// cancelable: an outcome is recorded even while the host stops.
    /// </summary>
    /// <returns>False when another runner has taken it over.</returns>
    public async Task<bool> FinishAsync(TaskResult result) =>
        await _ends.WriteAsync(result, CancellationToken.None)
        || (await FinishAsync([result])).Count > 0
        || await HasEndedAsync(result);

    /// <summary>Ends tasks in one transaction, waiting for whoever changes their deployments.</summary>
    /// <returns>The tasks that were ended; the others had been taken over.</returns>
    public async Task<HashSet<Guid>> FinishAsync(IReadOnlyList<TaskResult> results)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var deployments = results.Select(r => r.DeploymentId).ToArray();
        var dependents = await DependentsAsync(
            connection, transaction, [.. results.Where(r => r.ReinstallsDependents).Select(r => r.DeploymentId)]);
        Guid[] locked = [.. deployments, .. dependents.SelectMany(d => d)];
        await ExecuteAsync(LockStatement(locked), locked);
        HashSet<Guid> finished;
        await using (var finish = new NpgsqlCommand(FinishSql, connection, transaction))
        {
            AddResults(finish.Parameters, results);
            finished = await ReadIdsAsync(finish, CancellationToken.None);
        }

        await ExecuteAsync(PromoteSql, deployments);
        if (dependents.Count > 0)
        {
            await ReinstallDependentsAsync(connection, transaction, finished, dependents);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return finished;

        async Task ExecuteAsync(string sql, Guid[] ids)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            command.Parameters.AddWithValue("deployments", ids);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<bool> HasEndedAsync(TaskResult result)
    {
        await using var command = Guarded(HasEndedSql, result.TaskId, result.Fence);
        return (bool)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    /// <summary>Moves scheduled tasks that have become due into their deployments' lines.</summary>
    public async Task<DueTasks> PromoteDueAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var find = new NpgsqlCommand(DueSql, connection);
        var due = await ReadIdsAsync(find, cancel);
        if (due.Count > 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            foreach (var sql in new[] { LockSql, BlockDueSql, PromoteSql })
            {
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                command.Parameters.AddWithValue("deployments", due.ToArray());
                await command.ExecuteNonQueryAsync(cancel);
            }

            await transaction.CommitAsync(cancel);
        }

        await using var next = new NpgsqlCommand(NextDueSql, connection);
        return new DueTasks(due.Count > 0, await next.ExecuteScalarAsync(cancel) as TimeSpan?);
    }

    private async Task<List<DeploymentTask>> TakeAsync(string sql, ClaimRequest request, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Tasks.FromSqlRaw(
            sql,
            new NpgsqlParameter<Guid[]>("clusters", [.. request.Places.Keys]),
            new NpgsqlParameter<int[]>("places", [.. request.Places.Values]),
            new NpgsqlParameter<string[]>("kinds", [.. request.Kinds]),
            new NpgsqlParameter<int>("total", request.Total),
            new NpgsqlParameter<string>("owner", request.Owner),
            new NpgsqlParameter<TimeSpan>("lease", request.Lease)).AsNoTracking().ToListAsync(cancel);
    }

    private static void AddResults(NpgsqlParameterCollection parameters, IReadOnlyList<TaskResult> results)
    {
        parameters.AddWithValue("tasks", results.Select(r => r.TaskId).ToArray());
        parameters.AddWithValue("fences", results.Select(r => r.Fence).ToArray());
        parameters.AddWithValue("statuses", results.Select(r => r.Status.ToString()).ToArray());
        parameters.AddWithValue("reasons", Text, results.Select(r => r.Reason).ToArray());
        parameters.AddWithValue("effects", Text, results.Select(r => r.Effect?.ToString()).ToArray());
        parameters.AddWithValue("deployment_statuses", Text, results.Select(r => r.DeploymentStatus?.ToString()).ToArray());
        parameters.AddWithValue("revisions", results.Select(r => r.Revision.ToString()).ToArray());
        parameters.AddWithValue("deletes", results.Select(r => r.DeletesDeployment).ToArray());
    }

    private const NpgsqlDbType Text = NpgsqlDbType.Array | NpgsqlDbType.Text;

    private static async Task<HashSet<Guid>> ReadIdsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        var ids = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}

/// <summary>What a runner can take: places per cluster it serves, and in all.</summary>
/// <param name="Kinds">The operations it knows; those of a newer version are left to newer runners.</param>
public sealed record ClaimRequest(
    string Owner, TimeSpan Lease, IReadOnlyCollection<string> Kinds, IReadOnlyDictionary<Guid, int> Places, int Total);

/// <param name="Any">Some had become due.</param>
/// <param name="NextIn">How long until the next one is due; null when none is scheduled.</param>
public sealed record DueTasks(bool Any, TimeSpan? NextIn);

public enum PhaseEntry
{
    Entered,
    CancelRequested,

    /// <summary>Another runner has the task now: stop at once and write nothing more.</summary>
    LeaseLost,
}

public enum RevisionChange
{
    Keep,
    Record,
    Clear,
}

/// <summary>How a started task ended, and what that makes of its deployment.</summary>
/// <param name="DeploymentStatus">Null leaves the deployment's status and reason as they are.</param>
public sealed record TaskResult(
    Guid TaskId,
    Guid DeploymentId,
    long Fence,
    DeploymentTaskStatus Status,
    string? Reason,
    TaskEffect? Effect,
    DeploymentStatus? DeploymentStatus,
    RevisionChange Revision,
    bool DeletesDeployment = false,
    bool ReinstallsDependents = false);
