using Microsoft.EntityFrameworkCore;
using Platz.Chaos.Databases;
using Platz.Chaos.Judging;
using Platz.Core.Tasks;

namespace Platz.Chaos.Queue;

/// <summary>What the database says afterwards.</summary>
internal static class DatabaseEvidence
{
    public static async Task<List<TaskRow>> TasksAsync(ChaosDatabase database, CancellationToken cancel)
    {
        await using var db = await database.DbAsync(cancel);
        var queued = await db.Set<QueuedTask>().ToDictionaryAsync(q => q.TaskId, q => (QueueState?)q.State, cancel);
        var tasks = await db.Tasks.AsNoTracking()
            .Select(t => new
            {
                t.Id,
                t.DeploymentId,
                t.Status,
                t.CreatedAt,
                t.ExecuteAt,
                t.StartedAt,
                t.FinishedAt,
                t.Fence,
                t.Attempt,
                t.Effect,
            })
            .ToListAsync(cancel);
        return
        [
            .. tasks.Select(t => new TaskRow(
                t.Id, t.DeploymentId, t.Status, t.CreatedAt, t.ExecuteAt, t.StartedAt, t.FinishedAt)
            {
                Fence = t.Fence,
                Attempt = t.Attempt,
                Effect = t.Effect,
                Queued = queued.GetValueOrDefault(t.Id),
            }),
        ];
    }

    public static async Task<List<Move>> MovesAsync(ChaosDatabase database, CancellationToken cancel)
    {
        var moves = new List<Move>();
        await using var command = database.Source.CreateCommand(
            "SELECT task_id, old_status, new_status FROM chaos_moves ORDER BY seq");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            moves.Add(new Move(
                reader.GetGuid(0), Enum.Parse<DeploymentTaskStatus>(reader.GetString(1)),
                Enum.Parse<DeploymentTaskStatus>(reader.GetString(2))));
        }

        return moves;
    }

    /// <summary>Has every change of a status written down from now on.</summary>
    public static async Task WatchMovesAsync(ChaosDatabase database, CancellationToken cancel)
    {
        await using var stream = typeof(DatabaseEvidence).Assembly.GetManifestResourceStream("moves.sql")!;
        using var reader = new StreamReader(stream);
        await database.ExecuteAsync(await reader.ReadToEndAsync(cancel), cancel);
    }
}
