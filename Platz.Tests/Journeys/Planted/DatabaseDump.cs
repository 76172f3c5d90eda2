using Npgsql;

namespace Platz.Tests.Journeys.Planted;

/// <summary>Every row of every table as text, whatever its columns are: bytes as hexadecimal, JSON and lists as they print.</summary>
internal static class DatabaseDump
{
    public static async Task<List<(string Table, string Rows)>> ReadAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        var tables = new List<string>();
        await using (var names = database.CreateCommand(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"))
        await using (var reader = await names.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                tables.Add(reader.GetString(0));
            }
        }

        var dump = new List<(string, string)>();
        foreach (var table in tables)
        {
            await using var rows = database.CreateCommand($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" AS t");
            dump.Add((table, (string)(await rows.ExecuteScalarAsync(cancel))!));
        }

        return dump;
    }
}
