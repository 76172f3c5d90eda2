using System.Buffers;
using System.Text.RegularExpressions;

namespace Platz.Core.Charts.Extensions;

/// <summary>
/// The paths that a chart may name on its own ingress, asked when the chart is read and again when it is called. A path
/// must not be able to choose another host, nor to climb out of where it seems to lead, whoever decodes it on the way.
/// </summary>
public static partial class TargetPath
{
    private const int Longest = 2_048;
    private const int MostEncodings = 3;

    /// <summary>What a path and a query may hold besides escapes (RFC 3986), so that nobody need encode it anew.</summary>
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%");

    /// <summary>Why the path is refused; null when it is fine.</summary>
    public static string? Problem(string path) => path.Length > Longest
        ? $"is longer than {Longest / 1024} KiB"
        : DecodedProblem(path) ?? SpellingProblem(path);

    private static string? SpellingProblem(string path) => path switch
    {
        _ when path.AsSpan().IndexOfAnyExcept(s_plain) is >= 0 and var at =>
            $"holds a character that must be percent-encoded, at position {at + 1}",
        _ when BadEscape.IsMatch(path) => "holds a percent sign that encodes nothing",
        _ => null,
    };

    /// <summary>Somebody on the way may decode it, perhaps twice.</summary>
    private static string? DecodedProblem(string path)
    {
        for (var i = 0; i < MostEncodings; i++)
        {
            if (ProblemOf(path) is { } problem)
            {
                return problem;
            }

            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
            {
                return null;
            }

            path = decoded;
        }

        return "is percent-encoded several times over";
    }

    private static string? ProblemOf(string path) => path switch
    {
        not ['/', ..] => "must begin with a slash",
        ['/', '/', ..] => "must begin with one slash only",
        _ when path.Any(char.IsControl) => "holds a control character",
        _ when path.Contains('\\', StringComparison.Ordinal) => "holds a backslash",
        _ when path.Contains('#', StringComparison.Ordinal) => "holds a fragment (#)",
        _ when path.Split('/', '?', ';').Any(segment => segment is "." or "..") => "holds a \".\" or \"..\" segment",
        _ => null,
    };

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadEscape { get; }
}
