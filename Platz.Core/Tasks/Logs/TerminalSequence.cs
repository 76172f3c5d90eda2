using System.Text;

namespace Platz.Core.Tasks.Logs;

/// <summary>Escape sequences in a line of output, and the line without them.</summary>
public static class TerminalSequence
{
    public const char Escape = '\u001b';

    /// <summary>What a reader sees of a line: every other character is left as it is.</summary>
    public static string Strip(string line)
    {
        var next = line.IndexOf(Escape);
        if (next < 0)
        {
            return line;
        }

        var text = new StringBuilder(line.Length);
        var from = 0;
        for (; next >= 0; next = from < line.Length ? line.IndexOf(Escape, from) : -1)
        {
            text.Append(line, from, next - from);
            from = EndOf(line, next) + 1;
        }

        return text.Append(line, from, line.Length - from).ToString();
    }

    /// <summary>The index of the last character of the sequence that begins at <paramref name="start"/>.</summary>
    public static int EndOf(string line, int start) => (start + 1 < line.Length ? line[start + 1] : '\0') switch
    {
        '[' => First(line, start + 2, c => c is >= '@' and <= '~'),
        ']' or 'P' or '^' or '_' or 'X' => StringEnd(line, start + 2),
        '(' or ')' or '#' or '%' => Math.Min(start + 2, line.Length - 1),
        '\0' => start,
        _ => start + 1,
    };

    private static int First(string line, int from, Predicate<char> ends)
    {
        for (var i = from; i < line.Length; i++)
        {
            if (ends(line[i]))
            {
                return i;
            }
        }

        return line.Length - 1;
    }

    /// <summary>Titles, links and clipboard contents end with BEL or with ESC and a backslash.</summary>
    private static int StringEnd(string line, int from)
    {
        var end = First(line, from, c => c is '\a' or Escape);
        return line[end] == Escape && end + 1 < line.Length ? end + 1 : end;
    }
}
