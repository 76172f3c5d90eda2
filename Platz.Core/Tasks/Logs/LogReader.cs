using Npgsql;

namespace Platz.Core.Tasks.Logs;

/// <summary>Every read of a log for views: its shape, and lines by number.</summary>
public sealed class LogReader(NpgsqlDataSource database)
{
    /// <summary>A block where a run begins, with the end of the run before, and the last one. Nothing is sorted.</summary>
    private const string ShapeSql = """
        SELECT seq, last, at, until, phase, bytes_before, bytes_after,
            before IS DISTINCT FROM seq - 1 OR phase_before <> phase, before, at_before, end_before
        FROM (
            SELECT *, lag(last) OVER line AS before, lag(phase) OVER line AS phase_before, lag(until) OVER line AS at_before,
                lag(bytes_after) OVER line AS end_before, lead(seq) OVER line AS after
            FROM (
                SELECT seq, seq + lines - 1 AS last, at, coalesce(ats[lines], at) AS until, phase, bytes_before,
                    bytes_before + octet_length(text) + 1 AS bytes_after
                FROM deployment_task_logs WHERE task_id = @task AND seq > @after) AS block
            WINDOW line AS (ORDER BY seq)) AS blocks
        WHERE after IS NULL OR before IS DISTINCT FROM seq - 1 OR phase_before <> phase ORDER BY seq
        """;

    /// <param name="after">0 for all of it; else only what has come after this line, the last of an earlier shape.</param>
    public async Task<LogShape> ShapeAsync(Guid taskId, long after, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(ShapeSql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("after", after);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var runs = new List<LogRun>();
        while (await row.ReadAsync(cancel))
        {
            var (seq, last, until, end) =
                (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(3), row.GetInt64(6));
            if (!row.GetBoolean(7))
            {
                runs[^1] = runs[^1] with { Last = last, To = until, BytesAfter = end };
                continue;
            }

            if (runs.Count > 0)
            {
                runs[^1] = runs[^1] with
                {
                    Last = row.GetInt64(8),
                    To = row.GetFieldValue<DateTimeOffset>(9),
                    BytesAfter = row.GetInt64(10),
                };
            }

            var at = row.GetFieldValue<DateTimeOffset>(2);
            runs.Add(new LogRun(row.GetString(4), seq, last, at, until, row.GetInt64(5), end));
        }

        return new LogShape(runs);
    }

    /// <summary>What is kept of these numbers; the last of them where there are more than <paramref name="most"/>.</summary>
    public async Task<KeptLine[]> LinesAsync(Guid taskId, long first, long last, int most, CancellationToken cancel)
    {
        var lines = await LogBlocks.LastAsync(database, taskId, first, last, most, cancel);
        return [.. lines.Select(line => new KeptLine(line.Seq, line.At, line.Stream, line.Text))];
    }
}
