using System.Text;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Tasks.Logs;

namespace Platz.Core.Tasks;

/// <summary>
/// The one way into <c>deployment_task_logs</c>. Every line has passed a redactor: output in <see cref="LogLines"/>, all
/// else here. Keeps the head and the tail of the output: what lies between is deleted as it falls out of the tail, or
/// never written where a burst is larger than the tail. Stored by one caller at a time; lines may be added meanwhile.
/// </summary>
public sealed class TaskLogWriter
{
    private const string AppendSql = """
        WITH held AS (SELECT FROM task_queue WHERE task_id = @task AND fence = @fence AND state = 'Started' FOR SHARE),
        position AS (
            UPDATE deployment_task_phases AS p SET log_position = @position FROM held
            WHERE p.task_id = @task AND p.finished_at IS NULL AND @position IS NOT NULL),
        appended AS (
            INSERT INTO deployment_task_logs (task_id, seq, lines, at, ats, phase, stream, text, bytes_before)
            SELECT @task, b.seq, b.lines, b.at, @ats[b.met + 1 : b.met + b.lines], b.phase, b.stream,
                convert_from(b.text, 'UTF8'), b.bytes_before
            FROM unnest(@seqs, @lines, @starts, @met, @phases, @streams, @texts, @offsets)
                AS b(seq, lines, at, met, phase, stream, text, bytes_before), held
            ON CONFLICT (task_id, seq) DO NOTHING) -- said again when the answer to the first time was lost
        SELECT count(*), pg_notify('platz', json_build_object('t', 'deployment_task_logs',
            'o', 'INSERT', 'e', null, 'ids', json_build_array(json_build_array(null, @task)))::text) FROM held
        """;

    private const string TrimSql = """
        DELETE FROM deployment_task_logs
        WHERE task_id = @task AND bytes_before >= @from AND bytes_before + octet_length(text) + 1 <= @to
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
    private readonly Lock _adding = new();
    private readonly UnwrittenLog _unwritten;
    private Batch? _sending;
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
        _unwritten = new UnwrittenLog(limits, seq, bytes);
        _trimmedTo = bytes;
    }

    /// <summary>Bytes that one line takes of what is kept: its text in UTF-8 and the line's end.</summary>
    public static long Size(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text) + 1;

    /// <summary>Adds what the runner has to say; stored with the next <see cref="StoreAsync"/>.</summary>
    public void AddNote(string text, DateTimeOffset at, string phase)
    {
        lock (_adding)
        {
            foreach (var line in text.Split('\n'))
            {
                _unwritten.Add(_redactor.Redact(line), at, phase, LogStream.Platz);
            }
        }
    }

    /// <summary>Adds a line of the pod's output, as <see cref="LogLines"/> made it.</summary>
    public void AddOutput(string line, DateTimeOffset at, string phase)
    {
        lock (_adding)
        {
            _unwritten.Add(line, at, phase, LogStream.Pod);
        }
    }

    /// <inheritdoc cref="AddOutput(string, DateTimeOffset, string)"/>
    /// <param name="position">Where the source stands after these lines; stored in one transaction with them.</param>
    public void AddOutput(TimedLines lines, string phase, string? position)
    {
        lock (_adding)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                _unwritten.Add(lines.Text(i), lines.At(i), phase, LogStream.Pod);
            }

            _position = position ?? _position;
        }
    }

    /// <summary>Where the last writer of this phase stood in its source; null for the beginning.</summary>
    public async Task<string?> PositionAsync(string phase, CancellationToken cancel)
    {
        await using var command = _database.CreateCommand(PositionSql);
        command.Parameters.AddWithValue("task", _taskId);
        command.Parameters.AddWithValue("phase", phase);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Stores all that was added.</summary>
    /// <returns>False when the lease was lost: nothing more was written.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancel)
    {
        while (Take() is { } batch)
        {
            if (!await SendAsync(batch, cancel))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stores what had been added when it was called, where more keeps coming.</summary>
    /// <returns>False when the lease was lost: nothing was written.</returns>
    public async Task<bool> StoreAsync(CancellationToken cancel) => Take() is not { } batch || await SendAsync(batch, cancel);

    /// <summary>Stores what is left and cuts the log to its limits.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        if (await FlushAsync(cancel))
        {
            await TrimAsync(_unwritten.Bytes, slack: 0, cancel);
        }
    }

    /// <summary>Where the last try failed: what it tried to send, and no more, for it may have arrived.</summary>
    private Batch? Take()
    {
        lock (_adding)
        {
            if (_sending is null)
            {
                var blocks = _unwritten.Take();
                _sending = blocks.Count > 0 || _position is not null ? new(blocks, _position, _unwritten.Bytes) : null;
                _position = null;
            }

            return _sending;
        }
    }

    private async Task<bool> SendAsync(Batch batch, CancellationToken cancel)
    {
        await using (var command = _database.CreateCommand(AppendSql))
        {
            AddParameters(command.Parameters, batch);
            if ((long)(await command.ExecuteScalarAsync(cancel))! == 0)
            {
                return false;
            }
        }

        lock (_adding)
        {
            _sending = null;
            _unwritten.Return(batch.Blocks);
        }

        await TrimAsync(batch.Bytes, slack: _limits.Tail / 4, cancel);
        return true;
    }

    private async Task TrimAsync(long bytes, long slack, CancellationToken cancel)
    {
        var tail = bytes - _limits.Tail;
        if (tail <= _limits.Head || tail <= _trimmedTo - _limits.Tail + slack)
        {
            return;
        }

        await using var command = _database.CreateCommand(TrimSql);
        command.Parameters.AddWithValue("task", _taskId);
        command.Parameters.AddWithValue("from", _limits.Head);
        command.Parameters.AddWithValue("to", tail);
        await command.ExecuteNonQueryAsync(cancel);
        _trimmedTo = bytes;
    }

    private void AddParameters(NpgsqlParameterCollection parameters, Batch batch)
    {
        var blocks = batch.Blocks;
        parameters.AddWithValue("task", _taskId);
        parameters.AddWithValue("fence", _fence);
        parameters.AddWithValue("seqs", blocks.Select(b => b.Seq).ToArray());
        parameters.AddWithValue("lines", blocks.Select(b => b.Lines).ToArray());
        parameters.AddWithValue("starts", blocks.Select(b => b.Ats[0]).ToArray());
        parameters.AddWithValue("ats", TimesOf(blocks));
        parameters.AddWithValue("met", MetBefore(blocks));
        parameters.AddWithValue("phases", blocks.Select(b => b.Phase).ToArray());
        parameters.AddWithValue("streams", blocks.Select(b => b.Stream.ToString()).ToArray());
        parameters.AddWithValue("texts", blocks.Select(b => b.Text).ToArray());
        parameters.AddWithValue("offsets", blocks.Select(b => b.BytesBefore).ToArray());
        parameters.Add(
            new NpgsqlParameter("position", NpgsqlDbType.Text) { Value = (object?)batch.Position ?? DBNull.Value });
    }

    /// <summary>Of all lines, in one piece of the right size: a burst has more of them than is cheap to collect.</summary>
    private static DateTime[] TimesOf(IReadOnlyList<UnwrittenBlock> blocks)
    {
        var (times, filled) = (new DateTime[blocks.Sum(block => block.Lines)], 0);
        foreach (var block in blocks)
        {
            block.Ats.CopyTo(times, filled);
            filled += block.Lines;
        }

        return times;
    }

    /// <summary>Of each block, how many lines those before it have.</summary>
    private static int[] MetBefore(IReadOnlyList<UnwrittenBlock> blocks)
    {
        var met = new int[blocks.Count];
        for (var i = 1; i < met.Length; i++)
        {
            met[i] = met[i - 1] + blocks[i - 1].Lines;
        }

        return met;
    }

    /// <param name="Position">Null where it has not moved.</param>
    /// <param name="Bytes">What the task has written in all, with these.</param>
    private sealed record Batch(IReadOnlyList<UnwrittenBlock> Blocks, string? Position, long Bytes);
}
