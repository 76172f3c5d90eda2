using System.Text;
using System.Text.RegularExpressions;

namespace Platz.Core.Tasks;

/// <summary>How a Helm run ended: the container's exit code, reason and message, or the reason of the pod.</summary>
public sealed record HelmExit(int? Code, string? Reason = null, string? Message = null);

/// <summary>
/// The plain text that a failed task keeps of its Helm run: the error itself on the first line, what the pod says about
/// its end, an empty line, and the last lines of the log as they were.
/// </summary>
public static partial class ErrorSummary
{
    public const int MaxBytes = 16 * 1024;

    private const int MaxErrorBytes = 4 * 1024;
    private const int MaxErrorLines = 30;
    private const string Marker = "… (cut)";
    private const string Earlier = "… (earlier lines are in the log)\n";

    public static string Of(IEnumerable<string> lastLines, HelmExit exit)
    {
        var lines = lastLines.SelectMany(line => line.Split('\n')).Select(Clean).ToList();
        var end = Ending(exit);
        var error = Cut(MainError(lines) ?? end ?? Unexplained(exit), MaxErrorBytes);
        var head = end is null || end == error ? error : $"{error}\n{Cut(end, MaxErrorBytes)}";

        var tail = string.Join('\n', lines).Trim('\n');
        if (tail.Length == 0 || tail == error)
        {
            return head;
        }

        return $"{head}\n\n{Last(tail, MaxBytes - Encoding.UTF8.GetByteCount(head) - 2)}";
    }

    /// <summary>Shortens to so many bytes of UTF-8, never inside a character, and says that it did.</summary>
    public static string Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var length = Math.Min(text.Length, maxBytes);
        var room = maxBytes - Encoding.UTF8.GetByteCount(Marker);
        while (length > 0 && Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > room)
        {
            length -= Math.Max(1, (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) - room) / 3);
        }

        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + Marker;
    }

    /// <summary>Helm's last "Error:" with the lines that belong to it, put on one.</summary>
    private static string? MainError(List<string> lines)
    {
        var at = lines.FindLastIndex(line => line.StartsWith("Error: ", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var parts = lines.Skip(at).Take(MaxErrorLines)
            .TakeWhile(line => !string.IsNullOrWhiteSpace(line))
            .Where(line => !Chatter().IsMatch(line))
            .Select(line => Bullet().Replace(line, "").Trim())
            .ToList();
        return ErrorCount().Replace(Join(parts), ": ");
    }

    private static string Join(List<string> parts)
    {
        var joined = new StringBuilder(parts[0]);
        for (var i = 1; i < parts.Count; i++)
        {
            var continues = parts[i - 1].EndsWith(':') || parts[i].StartsWith("executing ", StringComparison.Ordinal);
            joined.Append(continues ? " " : "; ").Append(parts[i]);
        }

        return joined.ToString();
    }

    /// <summary>What the pod knows and Helm could not say any more.</summary>
    private static string? Ending(HelmExit exit)
    {
        var message = string.IsNullOrWhiteSpace(exit.Message)
            ? ""
            : $" ({Clean(exit.Message).ReplaceLineEndings(" ").Trim()})";
        return exit switch
        {
            { Reason: "DeadlineExceeded" } =>
                $"The Helm pod was stopped because it ran too long: DeadlineExceeded{message}",
            { Reason: "OOMKilled" } =>
                $"Helm was killed because it used more memory than the pod may: OOMKilled{message}",
            { Reason: "Evicted" } => $"The Helm pod was evicted from its node{message}",
            { Reason: "NodeLost" } => $"The node that ran the Helm pod was lost{message}",
            { Reason: "StartError" or "ContainerCannotRun" } => $"Helm could not be started: {exit.Reason}{message}",
            { Code: 137 } => $"Helm was killed (exit code 137){message}",
            { Code: 143 } => $"Helm was terminated (exit code 143){message}",
            _ => null,
        };
    }

    private static string Unexplained(HelmExit exit) => exit.Code is { } code
        ? $"Helm ended with exit code {code} and no error message"
        : "The Helm pod ended without an exit code";

    /// <summary>The end of the text in so many bytes, from the start of a line where one begins there.</summary>
    private static string Last(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var room = maxBytes - Encoding.UTF8.GetByteCount(Earlier);
        var start = Math.Max(0, text.Length - room);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(start)) > room)
        {
            start += Math.Max(1, (Encoding.UTF8.GetByteCount(text.AsSpan(start)) - room) / 3);
        }

        var line = text.IndexOf('\n', start);
        start = line >= 0 && line < text.Length - 1 ? line + 1 : start;
        return Earlier + text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }

    /// <summary>Colours away, and nothing that a text column or a page cannot hold.</summary>
    private static string Clean(string line)
    {
        var plain = Escape().Replace(line, "");
        return plain.Any(c => char.IsSurrogate(c) || char.IsControl(c))
            ? string.Concat(plain.EnumerateRunes().Select(rune => IsUnwanted(rune) ? "\uFFFD" : rune.ToString()))
            : plain;

        static bool IsUnwanted(Rune rune) => Rune.IsControl(rune) && rune.Value is not '\t' and not '\n';
    }

    [GeneratedRegex("\u001b\\[[0-9;:?]*[ -/]*[@-~]")]
    private static partial Regex Escape();

    /// <summary>Warnings of client-go and Helm 4 in between: <c>W1123 16:07:31.461264 …</c>, <c>level=WARN …</c>.</summary>
    [GeneratedRegex(@"\A(?:[IWE]\d{4} \d\d:\d\d:\d\d|level=[A-Z]+ )")]
    private static partial Regex Chatter();

    [GeneratedRegex(@"\A\s*[*-] ")]
    private static partial Regex Bullet();

    [GeneratedRegex(@": \d+ errors? occurred: ")]
    private static partial Regex ErrorCount();
}
