using Npgsql;
using Platz.Core.Deployments;

namespace Platz.Core.Tasks;

/// <summary>
/// Phases and ends that are ready at the same instant are written together (queue.md 2). Rows and deployments that
/// somebody else has locked are left out, each to be written alone: a batch never waits for one of its own.
/// </summary>
public sealed partial class TaskQueue
{
    private const int MostTogether = 128;

    private readonly GroupCommit<PhaseStart> _phases = new(starts => EnterTogetherAsync(database, starts), MostTogether);
    private readonly GroupCommit<TaskResult> _ends = new(results => FinishTogetherAsync(database, results), MostTogether);

    private static async Task<IReadOnlySet<PhaseStart>> EnterTogetherAsync(
        NpgsqlDataSource database, IReadOnlyList<PhaseStart> starts)
    {
        await using var command = database.CreateCommand(EnterTogetherSql);
        command.Parameters.AddWithValue("tasks", starts.Select(s => s.Task.Id).ToArray());
        command.Parameters.AddWithValue("deployments", starts.Select(s => s.Task.DeploymentId).ToArray());
        command.Parameters.AddWithValue("fences", starts.Select(s => s.Task.Fence).ToArray());
        command.Parameters.AddWithValue("phases", starts.Select(s => s.Phase).ToArray());
        command.Parameters.AddWithValue("statuses", Text, starts.Select(s => s.Status?.ToString()).ToArray());
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var entered = await ReadHeldAsync(reader);
        return starts.Where(s => entered.Contains((s.Task.Id, s.Task.Fence))).ToHashSet();
    }

    private static async Task<IReadOnlySet<TaskResult>> FinishTogetherAsync(
        NpgsqlDataSource database, IReadOnlyList<TaskResult> results)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using var lockFree = new NpgsqlCommand(LockFreeSql, connection, transaction);
        lockFree.Parameters.AddWithValue("deployments", results.Select(r => r.DeploymentId).ToArray());
        var locked = await ReadIdsAsync(lockFree, CancellationToken.None);
        TaskResult[] free = [.. results.Where(r => locked.Contains(r.DeploymentId))];
        if (free.Length == 0)
        {
            return new HashSet<TaskResult>();
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        var finish = new NpgsqlBatchCommand(FinishSql);
        AddResults(finish.Parameters, free);
        var promote = new NpgsqlBatchCommand(PromoteSql);
        promote.Parameters.AddWithValue("deployments", free.Select(r => r.DeploymentId).ToArray());
        batch.BatchCommands.Add(finish);
        batch.BatchCommands.Add(promote);
        HashSet<(Guid, long)> finished;
        await using (var reader = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            finished = await ReadHeldAsync(reader);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return free.Where(r => finished.Contains((r.TaskId, r.Fence))).ToHashSet();
    }

    /// <summary>Of the first result; an error of one that follows is told here, too.</summary>
    private static async Task<HashSet<(Guid TaskId, long Fence)>> ReadHeldAsync(NpgsqlDataReader reader)
    {
        var held = new HashSet<(Guid, long)>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            held.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        await reader.NextResultAsync(CancellationToken.None);
        return held;
    }

    private sealed record PhaseStart(DeploymentTask Task, string Phase, DeploymentStatus? Status);
}
