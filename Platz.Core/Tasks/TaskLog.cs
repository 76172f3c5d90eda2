using Npgsql;
using Platz.Core.Tasks.Logs;

namespace Platz.Core.Tasks;

public enum LogStream
{
    /// <summary>What the Helm pod wrote; Kubernetes interleaves stdout and stderr.</summary>
    Pod,

    /// <summary>What the runner has to say: what it waits for, what it found.</summary>
    Platz,
}

/// <summary>One line of a task's log, redacted and sanitised before it came here.</summary>
public sealed class TaskLogLine
{
    public required Guid TaskId { get; init; }

    /// <summary>From 1, without gaps as written; a gap in what is stored is output that was not kept.</summary>
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Phase { get; init; }

    public required LogStream Stream { get; init; }

    public required string Text { get; init; }

    /// <summary>How many bytes (UTF-8, with line ends) the task had written before this line.</summary>
    public required long BytesBefore { get; init; }
}

/// <summary>Lines in order, and what was left out between the first and the last part.</summary>
public sealed record TaskLogLines(IReadOnlyList<TaskLogLine> Lines, LogGap? Gap)
{
    public static TaskLogLines From(List<TaskLogLine> lines)
    {
        for (var i = 1; i < lines.Count; i++)
        {
            var (before, after) = (lines[i - 1], lines[i]);
            if (after.Seq - before.Seq > 1)
            {
                var end = before.BytesBefore + TaskLogWriter.Size(before.Text);
                return new(lines, new LogGap(before.Seq, after.Seq - before.Seq - 1, after.BytesBefore - end));
            }
        }

        return new(lines, null);
    }
}

/// <summary>Output that was not kept, after the line <paramref name="AfterSeq"/>.</summary>
public sealed record LogGap(long AfterSeq, long Lines, long Bytes);

/// <summary>The output of tasks (contract 2.2): never part of a list query, paged by line number.</summary>
public sealed class TaskLog(NpgsqlDataSource database)
{
    /// <summary>The last lines of a task.</summary>
    public async Task<TaskLogLines> TailAsync(Guid taskId, int count, CancellationToken cancel) =>
        TaskLogLines.From(await LogBlocks.LastAsync(database, taskId, 1, LogBlocks.NoEnd, count, cancel));

    /// <summary>Lines after <paramref name="seq"/>: what has come since, or the next page.</summary>
    public async Task<TaskLogLines> AfterAsync(Guid taskId, long seq, int count, CancellationToken cancel) =>
        TaskLogLines.From(await LogBlocks.FirstAsync(database, taskId, seq + 1, count, cancel));

    /// <summary>For the holder of the lease: goes on where the last writer of this task stopped.</summary>
    public async Task<TaskLogWriter> OpenAsync(
        Guid taskId, long fence, TaskLogLimits limits, Redactor redactor, CancellationToken cancel)
    {
        var last = (await LogBlocks.LastAsync(database, taskId, 1, LogBlocks.NoEnd, 1, cancel)).SingleOrDefault();
        var bytes = last is null ? 0 : last.BytesBefore + TaskLogWriter.Size(last.Text);
        return new TaskLogWriter(database, taskId, fence, limits, redactor, last?.Seq ?? 0, bytes);
    }
}

/// <summary>How much of one task's output is kept, in bytes.</summary>
public sealed record TaskLogLimits(long Head, long Tail);
