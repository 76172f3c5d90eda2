using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks.Logs;

/// <summary>The text of a line as the view shows it: coloured, marked where it matches, cut where it is very long.</summary>
internal static class LogText
{
    /// <summary>Characters of one line that are shown; the rest is in the download.</summary>
    public const int Longest = 2_000;

    private const int BeforeMatch = 200;

    public static LogRow.Line Row(KeptLine line, string? wanted, LogMatch? current)
    {
        if (line.Text.Length <= Longest)
        {
            var marks = Marks(line, wanted is null ? line.Text : TerminalSequence.Strip(line.Text), wanted, current);
            return new(line.Seq, line.At, line.Stream, AnsiText.Parse(line.Text, marks), Left: 0);
        }

        var text = TerminalSequence.Strip(line.Text);
        var start = current?.Seq == line.Seq && current.Start + current.Length > Longest
            ? current.Start - BeforeMatch
            : 0;
        var shown = text[Whole(text, start)..Whole(text, Math.Min(start + Longest, text.Length))];
        var inside = Marks(line, text, wanted, current)
            .Where(mark => mark.Start >= start && mark.Start + mark.Length <= start + shown.Length)
            .Select(mark => mark with { Start = mark.Start - start }).ToList();
        return new(line.Seq, line.At, line.Stream, AnsiText.Parse(shown, inside), text.Length - shown.Length);
    }

    private static IReadOnlyList<TextMark> Marks(KeptLine line, string text, string? wanted, LogMatch? current) =>
        wanted is null
            ? []
            : [.. LogMatch.Starts(text, wanted).Select(start => new TextMark(
                start, wanted.Length, current is not null && current.Seq == line.Seq && current.Start == start))];

    /// <summary>Never between the two halves of a character.</summary>
    private static int Whole(string text, int at) =>
        at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
