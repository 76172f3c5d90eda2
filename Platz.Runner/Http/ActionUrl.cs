using System.Net;
using System.Text.RegularExpressions;
using Platz.Core.Charts.Extensions;

namespace Platz.Runner.Http;

/// <summary>
/// Makes the address of a call: the host is ours, the path the chart's, within the rules of <see cref="TargetPath"/>
/// (security.md 2, SSRF).
/// </summary>
internal static partial class ActionUrl
{
    /// <returns>The address, or why there is none.</returns>
    public static (Uri? Url, string? Error) Build(string host, string path)
    {
        if (host.Length > 253 || !HostName.IsMatch(host) || IPAddress.TryParse(host, out _))
        {
            return (null, $"'{host}' is no host name");
        }

        if (TargetPath.Problem(path) is { } error)
        {
            return (null, $"the path {error}");
        }

        var at = path.IndexOf('?', StringComparison.Ordinal);
        var url = new UriBuilder(Uri.UriSchemeHttps, host)
        {
            Path = at < 0 ? path : path[..at],
            Query = at < 0 ? "" : path[at..],
        }.Uri;

        // Whatever was overlooked above: it is still our host, and the path is still the one that was written.
        return url is { Scheme: "https", Port: 443, UserInfo: "", Fragment: "", HostNameType: UriHostNameType.Dns }
            && url.Host == host && url.IdnHost == host && url.PathAndQuery == path
            ? (url, null)
            : (null, "the path does not mean what it says");
    }

    /// <summary>Two labels at least, the last of which no number begins: no way to write an address.</summary>
    [GeneratedRegex(@"\A(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex HostName { get; }
}
