using Npgsql;

namespace Platz.Core.Tasks.Logs;

/// <summary>
/// Consecutive lines of one phase and stream that were written at once: a row of <c>deployment_task_logs</c>. A line by
/// itself would take more for its row than for its text; blocks of any size PostgreSQL compresses, too.
/// </summary>
public sealed class TaskLogBlock
{
    /// <summary>In lines. However long a log is, a line by its number is in the block that begins at most so far before.</summary>
    public const int MostLines = 256;

    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    internal const string Columns = "seq, at, ats, phase, stream, text, bytes_before";

    public required Guid TaskId { get; init; }

    /// <summary>Of the first line.</summary>
    public required long Seq { get; init; }

    public int Lines { get; init; } = 1;

    /// <summary>Of the first line.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of all lines; null for a line by itself that an older version has written.</summary>
    public DateTimeOffset[]? Ats { get; init; }

    public required string Phase { get; init; }

    public required LogStream Stream { get; init; }

    /// <summary>The lines, with line ends between them.</summary>
    public required string Text { get; init; }

    /// <summary>See <see cref="TaskLogLine.BytesBefore"/>; of the first line.</summary>
    public required long BytesBefore { get; init; }

    /// <param name="row">See <see cref="Columns"/>.</param>
    internal static TaskLogBlock Read(Guid taskId, NpgsqlDataReader row)
    {
        var ats = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset[]>(2);
        return new TaskLogBlock
        {
            TaskId = taskId,
            Seq = row.GetInt64(0),
            Lines = ats?.Length ?? 1,
            At = row.GetFieldValue<DateTimeOffset>(1),
            Ats = ats,
            Phase = row.GetString(3),
            Stream = row.GetString(4) is nameof(LogStream.Platz) ? LogStream.Platz : LogStream.Pod,
            Text = row.GetString(5),
            BytesBefore = row.GetInt64(6),
        };
    }

    public IEnumerable<TaskLogLine> Unfold()
    {
        var bytes = BytesBefore;
        var texts = Lines == 1 ? [Text] : Text.Split('\n');
        for (var i = 0; i < texts.Length; i++)
        {
            yield return new TaskLogLine
            {
                TaskId = TaskId,
                Seq = Seq + i,
                At = Ats is null ? At : Ats[i],
                Phase = Phase,
                Stream = Stream,
                Text = texts[i],
                BytesBefore = bytes,
            };
            bytes += TaskLogWriter.Size(texts[i]);
        }
    }
}
