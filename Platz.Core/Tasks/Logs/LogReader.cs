using Npgsql;

namespace Platz.Core.Tasks.Logs;

/// <summary>Every read of a log for views: its shape, and lines by number.</summary>
public sealed class LogReader(NpgsqlDataSource database)
{
    /// <summary>A row where a run begins, with the end of the run before, and the last line. Nothing is sorted.</summary>
    private const string ShapeSql = """
        SELECT seq, at, phase, bytes_before, bytes_before + octet_length(text) + 1,
            before IS DISTINCT FROM seq - 1 OR phase_before <> phase, before, at_before, end_before
        FROM (
            SELECT seq, at, phase, bytes_before, text, lag(seq) OVER line AS before, lag(phase) OVER line AS phase_before,
                lag(at) OVER line AS at_before, lag(bytes_before + octet_length(text) + 1) OVER line AS end_before,
                lead(seq) OVER line AS after
            FROM deployment_task_logs WHERE task_id = @task AND seq > @after WINDOW line AS (ORDER BY seq)) AS lines
        WHERE after IS NULL OR before IS DISTINCT FROM seq - 1 OR phase_before <> phase ORDER BY seq
        """;

    private const string LinesSql = """
        SELECT seq, at, stream, text FROM (
            SELECT seq, at, stream, text FROM deployment_task_logs
            WHERE task_id = @task AND seq BETWEEN @first AND @last ORDER BY seq DESC LIMIT @count) AS lines
        ORDER BY seq
        """;

    /// <param name="after">0 for all of it; else only what has come after this line.</param>
    public async Task<LogShape> ShapeAsync(Guid taskId, long after, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(ShapeSql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("after", after);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var runs = new List<LogRun>();
        while (await row.ReadAsync(cancel))
        {
            var (seq, at, end) = (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(4));
            if (!row.GetBoolean(5))
            {
                runs[^1] = runs[^1] with { Last = seq, To = at, BytesAfter = end };
                continue;
            }

            if (runs.Count > 0)
            {
                runs[^1] = runs[^1] with
                {
                    Last = row.GetInt64(6),
                    To = row.GetFieldValue<DateTimeOffset>(7),
                    BytesAfter = row.GetInt64(8),
                };
            }

            runs.Add(new LogRun(row.GetString(2), seq, seq, at, at, row.GetInt64(3), end));
        }

        return new LogShape(runs);
    }

    /// <summary>What is kept of these numbers; the last of them where there are more than <paramref name="most"/>.</summary>
    public async Task<KeptLine[]> LinesAsync(Guid taskId, long first, long last, int most, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(LinesSql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("first", first);
        command.Parameters.AddWithValue("last", last);
        command.Parameters.AddWithValue("count", most);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var lines = new List<KeptLine>();
        while (await row.ReadAsync(cancel))
        {
            var stream = row.GetString(2) is nameof(LogStream.Platz) ? LogStream.Platz : LogStream.Pod;
            lines.Add(new KeptLine(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), stream, row.GetString(3)));
        }

        return [.. lines];
    }
}
