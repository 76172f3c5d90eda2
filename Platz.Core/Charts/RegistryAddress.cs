using System.Diagnostics.CodeAnalysis;

namespace Platz.Core.Charts;

/// <summary>Where a registry answers, and the folder of repositories that is ours (empty: all of them).</summary>
public sealed record RegistryAddress
{
    private RegistryAddress(Uri root, string path) => (Root, Path) = (root, path);

    public Uri Root { get; }

    public string Path { get; }

    /// <summary>Host, and port where it is not the usual one: what helm and people call the registry.</summary>
    public string Host => Root.Authority;

    public bool PlainHttp => Root.Scheme == Uri.UriSchemeHttp;

    /// <summary>What helm is given; with a digest it takes that very chart, whatever the tag says by then.</summary>
    public string HelmReference(string repository, string? digest = null) =>
        digest is null ? $"oci://{Host}/{repository}" : $"oci://{Host}/{repository}@{digest}";

    public static RegistryAddress Parse(string url) =>
        TryParse(url, out var address, out var problem) ? address : throw new ArgumentException(problem, nameof(url));

    public static bool TryParse(
        string url, [NotNullWhen(true)] out RegistryAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri is { Scheme: not ("oci" or "https" or "http") } or { Host: "" })
        {
            problem = $"\"{url}\" is not a registry: "
                + "write oci://host[:port]/path, or http://host[:port]/path without TLS.";
            return false;
        }

        if (uri.UserInfo is not "" || uri.Query is not "" || uri.Fragment is not "")
        {
            problem = $"The address of registry {uri.Host} may hold host, port and path only; "
                + "give user name and password apart.";
            return false;
        }

        var path = uri.AbsolutePath.Trim('/');
        if (path is not "" && !OciName.IsRepository(path))
        {
            problem = $"\"{path}\" cannot be the path of a registry: "
                + "lower-case letters, digits, and . _ - / between them.";
            return false;
        }

        var scheme = uri.Scheme == Uri.UriSchemeHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        address = new RegistryAddress(new UriBuilder(scheme, uri.IdnHost, uri.IsDefaultPort ? -1 : uri.Port).Uri, path);
        return true;
    }

    internal bool Holds(string repository) =>
        Path is "" || repository == Path || repository.StartsWith(Path + "/", StringComparison.Ordinal);
}
