using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Platz.Core.Data;

/// <summary>Brings the schema up to date; processes that start together take turns.</summary>
public sealed class Migrator(NpgsqlDataSource database, IDbContextFactory<PlatzDb> databases)
{
    // "platz" in ASCII: any constant will do, as long as every version uses the same.
    private const long LockKey = 0x706c61747a;

    public async Task MigrateAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancel);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            {
                await db.Database.MigrateAsync(cancel); // needs rights that a program's role may lack, whatever there is to do
            }
        }
        finally
        {
            // A session that was cut has let go of it; to say so here would hide what had happened to it.
            if (connection.State is ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
