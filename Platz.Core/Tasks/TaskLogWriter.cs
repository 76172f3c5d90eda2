using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Platz.Core.Tasks;

/// <summary>
/// The one way into <c>deployment_task_logs</c>. Every line has passed a redactor: output in <see cref="LogLines"/>, all
/// else here. Keeps the head and the
/// tail of the output: what lies between is deleted as it falls out of the tail, or never written where a burst is
/// larger than the tail. Used by one caller at a time.
/// </summary>
public sealed class TaskLogWriter
{
    private const string AppendSql = """
        WITH held AS (SELECT FROM task_queue WHERE task_id = @task AND fence = @fence AND state = 'Started' FOR SHARE),
        position AS (
            UPDATE deployment_task_phases AS p SET log_position = @position FROM held
            WHERE p.task_id = @task AND p.finished_at IS NULL AND @position IS NOT NULL),
        appended AS (
            INSERT INTO deployment_task_logs (task_id, seq, at, phase, stream, text, bytes_before)
            SELECT @task, l.seq, l.at, l.phase, l.stream, l.text, l.bytes_before
            FROM unnest(@seqs, @ats, @phases, @streams, @texts, @offsets)
                AS l(seq, at, phase, stream, text, bytes_before), held
            ON CONFLICT (task_id, seq) DO NOTHING) -- said again when the answer to the first time was lost
        SELECT count(*), pg_notify('platz', json_build_object('t', 'deployment_task_logs',
            'o', 'INSERT', 'e', null, 'ids', json_build_array(json_build_array(null, @task)))::text) FROM held
        """;

    private const string TrimSql = """
        DELETE FROM deployment_task_logs WHERE task_id = @task AND bytes_before >= @from AND bytes_before < @to
        """;

    private const string PositionSql = """
        SELECT log_position FROM deployment_task_phases
        WHERE task_id = @task AND phase = @phase AND log_position IS NOT NULL ORDER BY seq DESC LIMIT 1
        """;

    private readonly NpgsqlDataSource _database;
    private readonly Guid _taskId;
    private readonly long _fence;
    private readonly TaskLogLimits _limits;
    private readonly Redactor _redactor;
    private readonly Queue<TaskLogLine> _unwritten = [];
    private long _seq;
    private long _bytes;
    private long _trimmedTo;
    private string? _position;

    internal TaskLogWriter(
        NpgsqlDataSource database, Guid taskId, long fence, TaskLogLimits limits, Redactor redactor, long seq, long bytes)
    {
        _database = database;
        _taskId = taskId;
        _fence = fence;
        _limits = limits;
        _redactor = redactor;
        _seq = seq;
        _bytes = _trimmedTo = bytes;
    }

    /// <summary>Bytes that one line takes of what is kept: its text in UTF-8 and the line's end.</summary>
    public static long Size(string text) => Encoding.UTF8.GetByteCount(text) + 1;

    /// <summary>Adds what the runner has to say; stored with the next <see cref="FlushAsync"/>.</summary>
    public void AddNote(string text, DateTimeOffset at, string phase)
    {
        foreach (var line in text.Split('\n'))
        {
            Add(_redactor.Redact(line), at, phase, LogStream.Platz);
        }
    }

    /// <summary>Adds a line of the pod's output, as <see cref="LogLines"/> made it.</summary>
    public void AddOutput(string line, DateTimeOffset at, string phase) => Add(line, at, phase, LogStream.Pod);

    private void Add(string text, DateTimeOffset at, string phase, LogStream stream)
    {
        var line = new TaskLogLine
        {
            TaskId = _taskId,
            Seq = ++_seq,
            At = at.ToUniversalTime(),
            Phase = phase,
            Stream = stream,
            Text = text,
            BytesBefore = _bytes,
        };
        _unwritten.Enqueue(line);
        _bytes += Size(line.Text);
        DropWhatWouldBeTrimmed();
    }

    /// <summary>Where the source stands after the lines added so far; stored in one transaction with them.</summary>
    public void MoveTo(string? position) => _position = position ?? _position;

    /// <summary>Where the last writer of this phase stood in its source; null for the beginning.</summary>
    public async Task<string?> PositionAsync(string phase, CancellationToken cancel)
    {
        await using var command = _database.CreateCommand(PositionSql);
        command.Parameters.AddWithValue("task", _taskId);
        command.Parameters.AddWithValue("phase", phase);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <returns>False when the lease was lost: nothing was written.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancel)
    {
        if (_unwritten.Count == 0 && _position is null)
        {
            return true;
        }

        var lines = _unwritten.ToArray();
        await using var command = _database.CreateCommand(AppendSql);
        AddParameters(command.Parameters, lines);
        if ((long)(await command.ExecuteScalarAsync(cancel))! == 0)
        {
            return false;
        }

        _unwritten.Clear();
        _position = null;
        await TrimAsync(slack: _limits.Tail / 4, cancel);
        return true;
    }

    /// <summary>Stores what is left and cuts the log to its limits.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        if (await FlushAsync(cancel))
        {
            await TrimAsync(slack: 0, cancel);
        }
    }

    private void DropWhatWouldBeTrimmed()
    {
        while (_unwritten.TryPeek(out var first) && first.BytesBefore >= _limits.Head
            && first.BytesBefore < _bytes - _limits.Tail)
        {
            _unwritten.Dequeue();
        }
    }

    private async Task TrimAsync(long slack, CancellationToken cancel)
    {
        var tail = _bytes - _limits.Tail;
        if (tail <= _limits.Head || tail <= _trimmedTo - _limits.Tail + slack)
        {
            return;
        }

        await using var command = _database.CreateCommand(TrimSql);
        command.Parameters.AddWithValue("task", _taskId);
        command.Parameters.AddWithValue("from", _limits.Head);
        command.Parameters.AddWithValue("to", tail);
        await command.ExecuteNonQueryAsync(cancel);
        _trimmedTo = _bytes;
    }

    private void AddParameters(NpgsqlParameterCollection parameters, TaskLogLine[] lines)
    {
        parameters.AddWithValue("task", _taskId);
        parameters.AddWithValue("fence", _fence);
        parameters.AddWithValue("seqs", lines.Select(l => l.Seq).ToArray());
        parameters.AddWithValue("ats", lines.Select(l => l.At.UtcDateTime).ToArray());
        parameters.AddWithValue("phases", lines.Select(l => l.Phase).ToArray());
        parameters.AddWithValue("streams", lines.Select(l => l.Stream.ToString()).ToArray());
        parameters.AddWithValue("texts", lines.Select(l => l.Text).ToArray());
        parameters.AddWithValue("offsets", lines.Select(l => l.BytesBefore).ToArray());
        parameters.Add(new NpgsqlParameter("position", NpgsqlDbType.Text) { Value = (object?)_position ?? DBNull.Value });
    }
}
