using System.Runtime.CompilerServices;
using Platz.Core.Tasks.Logs;
using Platz.Web.Shared;

namespace Platz.Web.Tasks.Logs;

/// <summary>What a view wants to see of a log besides where it stands.</summary>
internal sealed record LogMarks(string? Wanted, LogMatch? Match, IReadOnlySet<long> Folded);

/// <summary>Makes rows; their lines come from the shared tail, or else from the shared chunks.</summary>
public sealed class LogRowReader(LogChunks chunks)
{
    // A row without marks is the same for everybody; they share it for as long as the text of its line is kept.
    private readonly ConditionalWeakTable<string, LogRow.Line> _plain = [];

    public LogChunks Chunks => chunks;

    internal async Task<List<LogRow>> ReadAsync(
        LogState state, LogRowMap map, (long First, long Count) window, LogMarks marks, CancellationToken cancel)
    {
        var rows = new List<LogRow>((int)window.Count);
        LogChunk? chunk = null;
        for (var row = window.First; row < window.First + window.Count; row++)
        {
            var place = map.At(row);
            if (!place.IsLine)
            {
                rows.Add(place.Gap is { } gap ? new LogRow.Gap(gap) : Heading(place.Heading!, state, marks));
                continue;
            }

            var line = LogChunk.Find(state.Tail.Span, place.Seq);
            if (line is null)
            {
                var index = LogChunk.IndexOf(place.Seq);
                chunk = chunk?.Index == index ? chunk : await chunks.GetAsync(state.Task.Id, index, cancel);
                line = chunk.Find(place.Seq);
            }

            rows.Add(line is { } found ? Line(found, marks) : new LogRow.Missing(place.Seq));
        }

        return rows;
    }

    private LogRow.Line Line(KeptLine line, LogMarks marks)
    {
        if (marks.Wanted is not null)
        {
            return LogText.Row(line, marks.Wanted, marks.Match);
        }

        if (!_plain.TryGetValue(line.Text, out var row))
        {
            row = _plain.GetOrAdd(line.Text, LogText.Row(line, null, null));
        }

        // Empty lines of all logs have one text between them.
        var isIts = (row.Seq, row.At, row.Stream) == (line.Seq, line.At, line.Stream);
        return isIts ? row : LogText.Row(line, null, null);
    }

    /// <summary>"1,204 lines · 41 s · done".</summary>
    private static LogRow.Heading Heading(LogGroup group, LogState state, LogMarks marks)
    {
        // A phase that was entered again goes on under one heading, unless another came in between.
        var entered = state.Phases.Where(phase => phase.Phase == group.Phase).ToList();
        var phase = entered.Count == 0 ? null : entered[Math.Min(group.Number, entered.Count - 1)];
        var last = group.Number == 0 ? entered.LastOrDefault() : phase;
        var outcome = last?.Outcome?.ToString().ToLowerInvariant() ?? (state.IsLive && last is not null ? "running" : null);
        var words = string.Join(" · ", new[]
        {
            group.Lines == 1 ? "1 line" : $"{group.Lines:N0} lines",
            last?.FinishedAt is { } end ? TimeWords.Duration(end - last.StartedAt) : null,
            outcome,
        }.OfType<string>());
        return new(group, words, outcome, marks.Folded.Contains(group.First));
    }
}
