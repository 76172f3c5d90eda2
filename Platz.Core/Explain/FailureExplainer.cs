using Platz.Core.Tasks;

namespace Platz.Core.Explain;

/// <summary>
/// Recognises known failures in what a failed task left behind: its summary first, and its log where the summary does
/// not say it or only says that something went wrong. Pure, and linear in the length of what it is given.
/// </summary>
public static class FailureExplainer
{
    /// <summary>How many of a log's last lines are looked at.</summary>
    public const int MostLines = 500;

    private const int LongestLine = 4 * 1024;
    private const string Outcome = "Failed: ";

    /// <summary>By the error itself, without the output below it: cheap enough for every row of a list.</summary>
    public static FailureExplanation? Explain(string? summary) => Best(Split(summary ?? "").Head);

    public static FailureExplanation? Explain(string? summary, IReadOnlyList<TaskLogLine> log)
    {
        var (output, outcome) = Read(log);
        var (head, tail) = Split(summary ?? "");
        FailureExplanation? general = null;
        // What a pod is like in the end tells more than what happened to it on the way.
        foreach (var part in (List<Line>[])
            [head, tail, [.. output.Where(l => !l.IsEvent)], [.. output.Where(l => l.IsEvent)]])
        {
            var found = Best(part);
            if (found is { Failure.IsGeneral: false })
            {
                return Place(found, [.. outcome, .. output]) with { Symptom = general?.Failure };
            }

            general ??= found;
        }

        return general is null ? null : Place(general, [.. outcome, .. output]);
    }

    /// <summary>The first failure of the table that some line fits; of its lines the last.</summary>
    private static FailureExplanation? Best(List<Line> lines)
    {
        foreach (var failure in lines.Count == 0 ? [] : KnownFailures.All)
        {
            for (var i = lines.Count - 1; i >= 0; i--)
            {
                if (failure.FactsIn(lines[i].Text) is { } facts)
                {
                    return new FailureExplanation(failure, facts, lines[i].Seq);
                }
            }
        }

        return null;
    }

    /// <summary>Finds in the log the line that the summary was made of.</summary>
    private static FailureExplanation Place(FailureExplanation found, List<Line> lines) => found.Seq is not null
        ? found
        : found with { Seq = lines.FindLast(line => found.Failure.FactsIn(line.Text) is not null)?.Seq };

    /// <summary>The error itself, and the output that it ended (<see cref="ErrorSummary"/>).</summary>
    private static (List<Line> Head, List<Line> Tail) Split(string summary)
    {
        var lines = summary.ReplaceLineEndings("\n").Split('\n').Select(text => Line.Of(text, null)).ToList();
        var end = lines.FindIndex(line => string.IsNullOrWhiteSpace(line.Text));
        return end < 0 ? (lines, []) : (lines[..end], lines[end..]);
    }

    /// <summary>The output proper, and apart from it the line that begins to say the summary again.</summary>
    private static (List<Line> Output, List<Line> Outcome) Read(IReadOnlyList<TaskLogLine> log)
    {
        var recent = log.Skip(Math.Max(0, log.Count - MostLines)).ToList();
        var end = recent.FindLastIndex(line => line.Stream is LogStream.Platz
            && line.Text.StartsWith(Outcome, StringComparison.Ordinal));
        var output = (end < 0 ? recent : recent[..end]).Where(line => !HasPassed(line))
            .Select(line => Line.Of(line.Text, line.Seq)).ToList();
        return (output, end < 0 ? [] : [Line.Of(recent[end].Text[Outcome.Length..], recent[end].Seq)]);
    }

    /// <summary>What its own pod waited for in the beginning; where it waited for ever, the summary says so.</summary>
    private static bool HasPassed(TaskLogLine line) => line.Stream is LogStream.Platz
        && line.Text.StartsWith("The Helm pod has not started: ", StringComparison.Ordinal);

    private sealed record Line(string Text, long? Seq)
    {
        public bool IsEvent => Text.StartsWith("Event: ", StringComparison.Ordinal);

        public static Line Of(string text, long? seq) =>
            new(text.Length > LongestLine ? text[..LongestLine] : text, seq);
    }
}
