using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Reads how tasks hang together: tries of the same thing, roll-backs, causes, the line they stand in.</summary>
public sealed class TaskRelations(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>A chain is followed no further than this; nobody counts on after it.</summary>
    private const int MostRetries = 100;

    private const string RetriesSql = """
        WITH RECURSIVE chain AS (
            SELECT t.id, t.retry_of_task_id AS earlier, 0 AS retries FROM deployment_tasks t WHERE t.id = ANY (@tasks)
            UNION ALL
            SELECT c.id, t.retry_of_task_id, c.retries + 1
            FROM chain c JOIN deployment_tasks t ON t.id = c.earlier WHERE c.retries < @most)
        SELECT id AS "Id", max(retries) AS "Count" FROM chain GROUP BY id
        """;

    /// <returns>Which retry each of these is: 1 for the first, 0 for what is none.</returns>
    public async Task<Dictionary<Guid, int>> RetriesAsync(IReadOnlyList<Guid> taskIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Database.SqlQueryRaw<RetryCount>(
                RetriesSql, new NpgsqlParameter("tasks", taskIds.ToArray()), new NpgsqlParameter("most", MostRetries))
            .ToDictionaryAsync(t => t.Id, t => t.Count, cancel);
    }

    private sealed record RetryCount(Guid Id, int Count);
}
