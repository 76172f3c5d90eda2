using Npgsql;

namespace Platz.Runner.Maintenance;

/// <summary>Chores that one runner at a time does: whoever gets the advisory lock.</summary>
internal sealed class Exclusive(NpgsqlDataSource database)
{
    /// <returns>False when another runner is at it.</returns>
    public async Task<bool> RunAsync(string chore, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await AskAsync("SELECT pg_try_advisory_lock(hashtextextended(@chore, 1))"))
        {
            return false;
        }

        try
        {
            await work(cancel);
            return true;
        }
        finally
        {
            await AskAsync("SELECT pg_advisory_unlock(hashtextextended(@chore, 1))");
        }

        async Task<bool> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddWithValue("chore", chore);
            return (bool)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        }
    }
}
