using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platz.Core.Catalog;

namespace Platz.Runner.Http;

/// <summary>The ingress of a deployment, and how its cluster says that it is reached.</summary>
/// <param name="Address">Where to connect instead of what DNS says (<c>host:port</c>); set by a site admin alone.</param>
/// <param name="Ca">PEM of the authority to trust; null for those that the system trusts.</param>
/// <param name="Ranges">Private ranges that the ingress may be in.</param>
internal sealed record IngressTarget(string Host, string? Address, string? Ca, IReadOnlyList<string> Ranges)
{
    public static IngressTarget Of(Cluster cluster, string host) => new(
        host, Empty(cluster.IngressAddress), Empty(cluster.IngressCa), cluster.IngressCidrs);

    /// <summary>The address to connect to as an admin has set it; null where DNS decides.</summary>
    /// <exception cref="IngressException">It is none.</exception>
    public DnsEndPoint? EndPoint()
    {
        if (Address is null)
        {
            return null;
        }

        return Uri.TryCreate($"tcp://{Address}", UriKind.Absolute, out var parsed) && parsed.Port is > 0 and <= 65535
            && parsed is { PathAndQuery: "" or "/", UserInfo: "", Fragment: "" }
            ? new DnsEndPoint(parsed.DnsSafeHost, parsed.Port)
            : throw new IngressException($"The ingress address '{Address}' of the cluster is not host:port.", sent: false);
    }

    /// <exception cref="IngressException">The PEM cannot be read.</exception>
    public X509ChainPolicy? Trust()
    {
        if (Ca is null)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(Ca);
        }
        catch (CryptographicException)
        {
            roots.Clear();
        }

        if (roots.Count == 0)
        {
            throw new IngressException("The ingress CA of the cluster cannot be read.", sent: false);
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
