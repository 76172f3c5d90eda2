using System.Security.Cryptography;

namespace Platz.Core.Charts;

internal static class OciDigest
{
    public static string Of(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>The digest must be well-formed (<see cref="OciName.IsDigest"/>).</summary>
    public static bool Matches(string digest, byte[] content) => digest.StartsWith("sha512:", StringComparison.Ordinal)
        ? digest == $"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}"
        : digest == Of(content);
}
