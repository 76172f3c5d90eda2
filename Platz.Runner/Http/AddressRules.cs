using System.Net;
using System.Net.Sockets;

namespace Platz.Runner.Http;

/// <summary>
/// Which addresses a call to an ingress may go to (security.md 2, SSRF): public ones, and of the private ranges those
/// that a site admin has named. Whoever controls a name in DNS can make it point anywhere.
/// </summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] s_private = Networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

    /// <summary>Never, whatever a cluster's ranges say.</summary>
    private static readonly IPNetwork[] s_forbidden = Networks(
        "0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fd00:ec2::254/128");

    private static readonly IPNetwork s_globalV6 = IPNetwork.Parse("2000::/3");

    public static bool Allows(IPAddress address, IEnumerable<string> ranges)
    {
        if (address.IsIPv4MappedToIPv6 || s_forbidden.Any(network => network.Contains(address)))
        {
            return false;
        }

        if (s_private.Any(network => network.Contains(address)))
        {
            return ranges.Any(range => IPNetwork.TryParse(range, out var network) && network.Contains(address));
        }

        // Of IPv6 only what is globally routed: no loopback, link-local, v4-mapped, NAT64, site-local, multicast.
        return address.AddressFamily is AddressFamily.InterNetwork
            || (address.AddressFamily is AddressFamily.InterNetworkV6 && s_globalV6.Contains(address));
    }

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
