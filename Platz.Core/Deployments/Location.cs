using System.Text.RegularExpressions;

namespace Platz.Core.Deployments;

/// <summary>The names of namespaces and releases: <c>lower(kind)[-name]</c> (contract 2.3).</summary>
public static partial class Location
{
    /// <summary>Kind and name together, so that what charts append still fits Kubernetes' 63 characters.</summary>
    public const int MaxLength = 52;

    private static readonly HashSet<string> s_reserved =
        ["default", "kube-system", "kube-public", "kube-node-lease", "platz"];

    public static string Namespace(string kind, string name) =>
        name.Length == 0 ? kind.ToLowerInvariant() : $"{kind.ToLowerInvariant()}-{name}";

    /// <summary>Why a name cannot be used for a deployment of this kind; null when it can.</summary>
    public static string? NameError(string kind, string name) => name switch
    {
        "" => "A name is needed.",
        _ when !DnsLabel.IsMatch(name) =>
            "A name has lower-case letters, digits and hyphens, and begins and ends with a letter or digit.",
        _ when kind.Length + name.Length > MaxLength =>
            $"The name is too long: at most {Math.Max(0, MaxLength - kind.Length)} characters for this kind.",
        _ when s_reserved.Contains(Namespace(kind, name)) => "Kubernetes keeps this name for itself; choose another.",
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex DnsLabel { get; }
}
