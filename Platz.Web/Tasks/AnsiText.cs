using System.Buffers;
using System.Globalization;
using System.Text;
using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks;

/// <param name="Class">CSS classes of our own fixed set; null for plain text.</param>
/// <param name="Mark">What it is a part of, if it is marked.</param>
public sealed record AnsiSpan(string Text, string? Class, TextMark? Mark = null);

/// <summary>A place in a text without its escape sequences.</summary>
public sealed record TextMark(int Start, int Length, bool IsCurrent);

/// <summary>
/// A line of foreign output made harmless and readable: colours become classes, every other escape sequence is
/// dropped, and characters that would hide or turn text around are shown as symbols.
/// </summary>
public static class AnsiText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);

    /// <param name="marks">In order, none overlapping another.</param>
    public static IReadOnlyList<AnsiSpan> Parse(string line, IReadOnlyList<TextMark>? marks = null)
    {
        if (marks is not { Count: > 0 } && !line.AsSpan().ContainsAnyExcept(s_plain))
        {
            return line.Length == 0 ? [] : [new AnsiSpan(line, null)];
        }

        var spans = new List<AnsiSpan>();
        var text = new StringBuilder();
        var style = AnsiStyle.Plain;
        var waiting = new Queue<TextMark>(marks ?? []);
        TextMark? mark = null;
        for (var (i, place) = (0, 0); i < line.Length; i++)
        {
            if (line[i] == TerminalSequence.Escape)
            {
                var end = TerminalSequence.EndOf(line, i);
                if (IsColor(line, i, end))
                {
                    Flush();
                    style = style.Apply(line[(i + 2)..end]);
                }

                i = end;
                continue;
            }

            if (mark is not null && place == mark.Start + mark.Length)
            {
                Flush();
                mark = null;
            }

            if (waiting.TryPeek(out var next) && place == next.Start)
            {
                Flush();
                mark = waiting.Dequeue();
            }

            text.Append(Visible(line[i]));
            place++;
        }

        Flush();
        return spans;

        void Flush()
        {
            if (text.Length > 0)
            {
                spans.Add(new AnsiSpan(text.ToString(), style.Class, mark));
                text.Clear();
            }
        }
    }

    /// <summary>The text alone.</summary>
    public static string Strip(string line) => string.Concat(Parse(line).Select(span => span.Text));

    /// <summary>The text alone of several lines, which stay lines.</summary>
    public static string StripLines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Strip));

    private static bool IsColor(string line, int start, int end) =>
        end < line.Length && end > start + 1 && line[start + 1] == '[' && line[end] == 'm';

    private static string Visible(char c) => c switch
    {
        '\t' => "\t",
        < ' ' => ((char)(0x2400 + c)).ToString(),
        '\u007f' => "\u2421",
        >= '\u0080' and <= '\u009f' or '\u061c' or >= '\u200b' and <= '\u200f' or >= '\u202a' and <= '\u202e'
            or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\ufeff' =>
            $"⟦U+{((int)c).ToString("X4", CultureInfo.InvariantCulture)}⟧",
        _ => c.ToString(),
    };
}

/// <summary>What the colour codes so far amount to.</summary>
internal sealed record AnsiStyle(int? Foreground, int? Background, bool Bold, bool Faint, bool Italic, bool Underline)
{
    public static readonly AnsiStyle Plain = new(null, null, false, false, false, false);

    public string? Class
    {
        get
        {
            string?[] classes =
            [
                Foreground is { } fg ? $"ansi-fg-{fg}" : null,
                Background is { } bg ? $"ansi-bg-{bg}" : null,
                Bold ? "ansi-bold" : null,
                Faint ? "ansi-faint" : null,
                Italic ? "ansi-italic" : null,
                Underline ? "ansi-underline" : null,
            ];
            var text = string.Join(' ', classes.OfType<string>());
            return text.Length == 0 ? null : text;
        }
    }

    public AnsiStyle Apply(string codes)
    {
        var style = this;
        var parts = codes.Split(';', ':');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Length == 0 ? "0" : parts[i];
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                return this; // private sequences, not colours
            }

            if (code is 38 or 48)
            {
                i += i + 1 < parts.Length && parts[i + 1] == "5" ? 2 : 4; // 256 and true colours have no class
                continue;
            }

            style = style.With(code);
        }

        return style;
    }

    private AnsiStyle With(int code) => code switch
    {
        0 => Plain,
        1 => this with { Bold = true },
        2 => this with { Faint = true },
        3 => this with { Italic = true },
        4 => this with { Underline = true },
        22 => this with { Bold = false, Faint = false },
        23 => this with { Italic = false },
        24 => this with { Underline = false },
        >= 30 and <= 37 => this with { Foreground = code - 30 },
        39 => this with { Foreground = null },
        >= 40 and <= 47 => this with { Background = code - 40 },
        49 => this with { Background = null },
        >= 90 and <= 97 => this with { Foreground = code - 90 + 8 },
        >= 100 and <= 107 => this with { Background = code - 100 + 8 },
        _ => this,
    };
}
