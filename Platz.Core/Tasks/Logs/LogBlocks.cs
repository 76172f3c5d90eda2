using Npgsql;

namespace Platz.Core.Tasks.Logs;

/// <summary>Reads lines by their numbers out of the blocks that hold them, and no more blocks than that takes.</summary>
internal static class LogBlocks
{
    /// <summary>A number that no line has; further on sums would no longer fit.</summary>
    public const long NoEnd = 1L << 60;

    private const string Last =
        $"{Counted} (ORDER BY seq DESC) {Wanted} DESC LIMIT @count) AS near) AS counted WHERE met < @count ORDER BY seq";

    private const string First =
        $"{Counted} (ORDER BY seq) {Wanted} LIMIT @count) AS near) AS counted WHERE met < @count ORDER BY seq";

    // "met": how many of the wanted lines the blocks before it have, going from the end that is wanted.
    private const string Counted = $"SELECT {TaskLogBlock.Columns} FROM (SELECT *, sum(wanted) OVER";

    private const string Wanted = """
        - wanted AS met FROM (
            SELECT *, least(seq + lines, @last + 1) - greatest(seq, @first) AS wanted FROM deployment_task_logs
            WHERE task_id = @task AND seq > @first - @longest AND seq <= @last AND seq + lines > @first
            ORDER BY seq
        """;

    /// <summary>The last <paramref name="count"/> lines between two numbers, both included.</summary>
    public static async Task<List<TaskLogLine>> LastAsync(
        NpgsqlDataSource database, Guid taskId, long first, long last, int count, CancellationToken cancel)
    {
        var lines = await ReadAsync(database, Last, taskId, first, last, count, cancel);
        return lines.Count > count ? lines[^count..] : lines;
    }

    /// <summary>The first <paramref name="count"/> lines from a number on.</summary>
    public static async Task<List<TaskLogLine>> FirstAsync(
        NpgsqlDataSource database, Guid taskId, long first, int count, CancellationToken cancel)
    {
        var lines = await ReadAsync(database, First, taskId, first, NoEnd, count, cancel);
        return lines.Count > count ? lines[..count] : lines;
    }

    private static async Task<List<TaskLogLine>> ReadAsync(
        NpgsqlDataSource database, string sql, Guid taskId, long first, long last, int count, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("task", taskId);
        command.Parameters.AddWithValue("first", first);
        command.Parameters.AddWithValue("last", last);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("longest", TaskLogBlock.MostLines);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var lines = new List<TaskLogLine>();
        while (await row.ReadAsync(cancel))
        {
            lines.AddRange(TaskLogBlock.Read(taskId, row).Unfold().Where(line => line.Seq >= first && line.Seq <= last));
        }

        return lines;
    }
}
