using Npgsql;
using NpgsqlTypes;
using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>
/// Sums up tasks that have ended into <see cref="InsightDay"/>, each on the day (UTC) of its end. A task that has ended
/// never changes, so a day is counted again only until two hours after it is over: time enough for whatever ended
/// at its very end to be committed. Then it is sealed, and stays as it is even when the history is pruned. Each step
/// is one transaction: cut off anywhere, repeated or done by two at once, it comes to the same. It reads tasks and
/// locks none.
/// </summary>
public sealed partial class InsightRollup(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan s_sealedAfter = TimeSpan.FromHours(2);

    /// <summary>Counts one day that is over, or else the day that is not.</summary>
    /// <returns>Whether there is more to be counted: the history of an installation that has none yet.</returns>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (from, now) = await BeginAsync(connection, cancel);
        var seals = now >= Start(from.AddDays(1)) + s_sealedAfter;
        var to = seals ? from.AddDays(1) : DateOnly.FromDateTime(now.UtcDateTime).AddDays(1);
        var outages = await ReadOutagesAsync(connection, cancel);
        await WriteAsync(connection, from, to, await TallyAsync(connection, from, to, outages, cancel), cancel);
        if (seals)
        {
            await SealAsync(connection, from, to, outages, cancel);
        }

        await using var end = new NpgsqlCommand(EndSql, connection);
        end.Parameters.AddWithValue("open_from", seals ? to : from);
        end.Parameters.AddWithValue("now", seals ? Start(to) : now);
        await end.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return seals;
    }

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The clock of the database has the last word: a runner ahead of it seals nothing too early.</summary>
    private async Task<(DateOnly From, DateTimeOffset Now)> BeginAsync(
        NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(BeginSql, connection);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetFieldValue<DateOnly>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private static async Task<Outages> ReadOutagesAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var outages = new Outages();
        await using var command = new NpgsqlCommand(
            "SELECT deployment_id, env_id, failed_at FROM insight_outages", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            outages.Begin(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2));
        }

        return outages;
    }

    private static async Task<List<InsightDay>> TallyAsync(
        NpgsqlConnection connection, DateOnly from, DateOnly to, Outages outages, CancellationToken cancel)
    {
        var tallies = new DayTallies(outages);
        await using var command = new NpgsqlCommand(EndedSql, connection);
        AddRange(command, from, to);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            tallies.Add(new EndedTask(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2),
                Enum.Parse<DeploymentTaskStatus>(reader.GetString(3)), reader.GetBoolean(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                await reader.IsDBNullAsync(6, cancel) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return [.. tallies.Days];
    }

    private static async Task SealAsync(
        NpgsqlConnection connection, DateOnly from, DateOnly to, Outages outages, CancellationToken cancel)
    {
        var open = outages.Open.ToList();
        await using var command = new NpgsqlCommand(SealSql, connection);
        AddRange(command, from, to);
        command.Parameters.AddWithValue("deployments", open.Select(o => o.DeploymentId).ToArray());
        command.Parameters.AddWithValue("envs", open.Select(o => o.EnvId).ToArray());
        command.Parameters.AddWithValue("failed", open.Select(o => o.FailedAt).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void AddRange(NpgsqlCommand command, DateOnly from, DateOnly to)
    {
        command.Parameters.AddWithValue("from", NpgsqlDbType.TimestampTz, Start(from));
        command.Parameters.AddWithValue("to", NpgsqlDbType.TimestampTz, Start(to));
    }
}
