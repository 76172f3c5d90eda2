using System.Buffers;
using System.Net;
using System.Text.RegularExpressions;
using Platz.Core.Charts.Extensions;

namespace Platz.Runner.Http;

/// <summary>
/// Makes the address of a call: the host is ours, the path the chart's, and no path can choose another host or climb out
/// of where it seems to lead (security.md 2, SSRF).
/// </summary>
internal static partial class ActionUrl
{
    /// <summary>What a path and a query may hold besides escapes (RFC 3986).</summary>
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%");

    /// <returns>The address, or why there is none.</returns>
    public static (Uri? Url, string? Error) Build(string host, string path)
    {
        if (host.Length > 253 || !HostName.IsMatch(host) || IPAddress.TryParse(host, out _))
        {
            return (null, $"'{host}' is no host name");
        }

        if (PathError(path) is { } error)
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

    private static string? PathError(string path) => path switch
    {
        _ when path.AsSpan().IndexOfAnyExcept(s_plain) is >= 0 and var at =>
            $"holds a character that must be percent-encoded, at position {at + 1}",
        _ when BadEscape.IsMatch(path) => "holds a percent sign that encodes nothing",
        _ => TargetPath.Problem(path),
    };

    /// <summary>Two labels at least, the last of which no number begins: no way to write an address.</summary>
    [GeneratedRegex(@"\A(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex HostName { get; }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadEscape { get; }
}
