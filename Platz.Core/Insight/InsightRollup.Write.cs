using Npgsql;
using NpgsqlTypes;

namespace Platz.Core.Insight;

public sealed partial class InsightRollup
{
    /// <summary>
    /// Only what has more tasks than were counted: they are never fewer but by pruning, and what was counted stays.
    /// </summary>
    private static async Task WriteAsync(
        NpgsqlConnection connection, DateOnly from, DateOnly to, List<InsightDay> days, CancellationToken cancel)
    {
        var counted = await CountedAsync(connection, from, to, cancel);
        days.RemoveAll(d => counted.GetValueOrDefault((d.ScopeId, d.Day, d.EnvId)) >= d.Tasks);
        if (days.Count == 0)
        {
            return;
        }

        await using (var remove = new NpgsqlCommand(RemoveSql, connection))
        {
            remove.Parameters.AddWithValue("scopes", days.Select(d => d.ScopeId).ToArray());
            remove.Parameters.AddWithValue("days", days.Select(d => d.Day).ToArray());
            remove.Parameters.AddWithValue("envs", days.Select(d => d.EnvId).ToArray());
            await remove.ExecuteNonQueryAsync(cancel);
        }

        await using var writer = await connection.BeginBinaryImportAsync(WriteSql, cancel);
        foreach (var day in days)
        {
            await WriteRowAsync(writer, day, cancel);
        }

        await writer.CompleteAsync(cancel);
    }

    private static async Task<Dictionary<(Guid, DateOnly, Guid), int>> CountedAsync(
        NpgsqlConnection connection, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var counted = new Dictionary<(Guid, DateOnly, Guid), int>();
        await using var command = new NpgsqlCommand(CountedSql, connection);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("to", to);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            counted[(reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1), reader.GetGuid(2))] = reader.GetInt32(3);
        }

        return counted;
    }

    private static async Task WriteRowAsync(NpgsqlBinaryImporter writer, InsightDay day, CancellationToken cancel)
    {
        await writer.StartRowAsync(cancel);
        await writer.WriteAsync(day.ScopeId, NpgsqlDbType.Uuid, cancel);
        await writer.WriteAsync(day.EnvId, NpgsqlDbType.Uuid, cancel);
        await writer.WriteAsync(day.DeploymentId, NpgsqlDbType.Uuid, cancel);
        await writer.WriteAsync(day.Day, NpgsqlDbType.Date, cancel);
        await writer.WriteAsync(day.Tasks, NpgsqlDbType.Integer, cancel);
        await writer.WriteAsync(day.Failed, NpgsqlDbType.Integer, cancel);
        await writer.WriteAsync(day.OpenOutages, NpgsqlDbType.Integer, cancel);
        foreach (var cells in new[] { day.Counts, day.Runs, day.Waits, day.Restores })
        {
            await writer.WriteAsync(cells, NpgsqlDbType.Array | NpgsqlDbType.Integer, cancel);
        }
    }
}
