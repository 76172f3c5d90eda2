using System.Text;

namespace Platz.Core.Charts.Extensions;

/// <summary>
/// The paths that a chart may name on its own ingress. A path must not be able to choose another host, nor to climb
/// out of where it seems to lead, whoever decodes it on the way.
/// </summary>
public static class TargetPath
{
    private const int Longest = 2_048;
    private const int MostEncodings = 3;

    /// <summary>Why the path is refused; null when it is fine.</summary>
    public static string? Problem(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > Longest)
        {
            return $"is longer than {Longest / 1024} KiB";
        }

        var plain = path;
        for (var i = 0; i < MostEncodings; i++)
        {
            if (ProblemOf(plain) is { } problem)
            {
                return problem;
            }

            var decoded = Uri.UnescapeDataString(plain);
            if (decoded == plain)
            {
                return null;
            }

            plain = decoded;
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
        _ when path.Split('/', '?', ';').Contains("..") => "climbs up with \"..\"",
        _ when !SourceText.IsWhole(path) => "holds half a character",
        _ => null,
    };
}
