namespace Platz.Core.Tasks.Logs;

/// <summary>One place where a search text stands.</summary>
/// <param name="Start">In the text of the line without its escape sequences.</param>
/// <param name="Number">From 1, in the order of the log.</param>
public sealed record LogMatch(long Seq, int Start, int Length, long Number)
{
    /// <summary>Every place in a line's text, none overlapping another.</summary>
    public static IEnumerable<int> Starts(string text, string wanted)
    {
        for (var at = 0; at <= text.Length - wanted.Length; at += wanted.Length)
        {
            at = text.IndexOf(wanted, at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                yield break;
            }

            yield return at;
        }
    }
}
