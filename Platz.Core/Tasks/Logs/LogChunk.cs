namespace Platz.Core.Tasks.Logs;

/// <summary>One kept line as views show it; which phase it belongs to its <see cref="LogRun"/> says.</summary>
public readonly record struct KeptLine(long Seq, DateTimeOffset At, LogStream Stream, string Text);

/// <summary>The kept lines among so many consecutive numbers.</summary>
public sealed class LogChunk(long index, KeptLine[] lines)
{
    /// <summary>Numbers in one chunk.</summary>
    public const int Size = 256;

    private const int BytesPerLine = 72; // the line itself and its text's object

    public IReadOnlyList<KeptLine> Lines => lines;

    public KeptLine? Find(long seq) => Find(lines, seq);

    public long Index => index;

    public long Last => (index + 1) * Size;

    /// <summary>Nothing can be added: its last line is there.</summary>
    public bool IsComplete => lines is [.., var last] && last.Seq == Last;

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Weight { get; } = BytesPerLine + lines.Sum(line => BytesPerLine + 2L * line.Text.Length);

    /// <param name="lines">In order.</param>
    public static KeptLine? Find(ReadOnlySpan<KeptLine> lines, long seq)
    {
        var (low, high) = (0, lines.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (lines[middle].Seq == seq)
            {
                return lines[middle];
            }

            (low, high) = lines[middle].Seq < seq ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    public static long IndexOf(long seq) => (seq - 1) / Size;

    public static long FirstOf(long index) => (index * Size) + 1;
}
