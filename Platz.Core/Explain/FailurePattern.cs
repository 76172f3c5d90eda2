using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Platz.Core.Explain;

/// <summary>
/// A pattern in a line of output. Most lines are dismissed by a plain search for the words that every match holds: to
/// make an automaton of linear time costs milliseconds, and few are ever needed.
/// </summary>
public sealed class FailurePattern(string pattern)
{
    private static readonly SearchValues<char> s_syntax = SearchValues.Create(".^$+?*{[()");

    // The output is anybody's: no pattern may take more than linear time for it.
    private readonly Lazy<Regex> _regex = new(() => new Regex(
        pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture));

    /// <summary>The longest text that stands in every match.</summary>
    public string Words { get; } = WordsOf(pattern);

    public Match? Find(string line) =>
        line.Contains(Words, StringComparison.Ordinal) && _regex.Value.Match(line) is { Success: true } found ? found : null;

    public override string ToString() => pattern;

    private static string WordsOf(string pattern)
    {
        var (longest, words, depth) = ("", new StringBuilder(), 0);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c is '|' && depth == 0)
            {
                return "";
            }

            words.Length -= c is '?' or '*' or '{' && words.Length > 0 ? 1 : 0; // what stands before may be missing
            var text = c is '\\' ? Escaped(pattern[++i]) : s_syntax.Contains(c) ? null : (char?)c;
            i = c is '[' ? EndOfClass(pattern, i) : i;
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (text is { } letter && depth == 0)
            {
                words.Append(letter);
                continue;
            }

            longest = words.Length > longest.Length ? $"{words}" : longest;
            words.Clear();
        }

        return words.Length > longest.Length ? $"{words}" : longest;
    }

    private static char? Escaped(char c) => char.IsLetterOrDigit(c) ? null : c;

    private static int EndOfClass(string pattern, int at)
    {
        for (at++; pattern[at] is not ']'; at++)
        {
            at += pattern[at] is '\\' ? 1 : 0;
        }

        return at;
    }
}
