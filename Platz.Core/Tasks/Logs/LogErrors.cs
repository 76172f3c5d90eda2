using System.Text.RegularExpressions;

namespace Platz.Core.Tasks.Logs;

/// <summary>Finds where a log first tells of an error.</summary>
public static partial class LogErrors
{
    /// <summary>Helm's own error, or failing that the first line that sounds like one.</summary>
    /// <returns>The number of the line; null when nothing in it sounds like an error.</returns>
    public static async Task<long?> FirstAsync(
        LogChunks chunks, Guid taskId, LogShape shape, CancellationToken cancel)
    {
        long? suspect = null;
        foreach (var run in shape.Runs)
        {
            await foreach (var chunk in chunks.ReadAsync(taskId, run.First, run.Last, cancel))
            {
                foreach (var line in chunk.Lines.Where(line => run.Has(line.Seq)))
                {
                    var text = TerminalSequence.Strip(line.Text);
                    if (Plain().IsMatch(text))
                    {
                        return line.Seq;
                    }

                    suspect ??= Likely().IsMatch(text) ? line.Seq : null;
                }
            }
        }

        return suspect;
    }

    [GeneratedRegex(@"\A\s*(?:Error:|FATAL\b|fatal:|panic:|\[?ERROR\b|E\d{4} \d\d:\d\d:\d\d)|\blevel=(?i:error|fatal)\b")]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"\b(?:failed|failure|error|exception|denied|forbidden|refused|timed out|cannot|unable to)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Likely();
}
