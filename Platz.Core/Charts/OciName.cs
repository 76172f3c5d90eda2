using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>
/// The grammar of the OCI distribution specification for what ends up in paths and on helm's command line.
/// </summary>
public static partial class OciName
{
    public static bool IsRepository(string name) => name.Length is > 0 and <= 255 && Repository.IsMatch(name);

    public static bool IsTag(string name) => Tag.IsMatch(name);

    public static bool IsDigest(string name) => Digest.IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Repository { get; }

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"\A(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z")]
    private static partial Regex Digest { get; }
}
