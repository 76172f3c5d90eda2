using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <summary>
/// The host under which a deployment's standard ingress is reached; its actions and status are asked there.
/// </summary>
public static class IngressHost
{
    /// <summary>Null where the cluster has no ingress domain.</summary>
    public static string? Of(HostnameFormat format, string ns, string deploymentName, Cluster cluster)
    {
        if (cluster.IngressDomain?.Trim().Trim('.') is not { Length: > 0 } domain)
        {
            return null;
        }

        // The only deployment of its kind on a cluster has no name.
        var name = format is HostnameFormat.Name && deploymentName.Length > 0 ? deploymentName : ns;
        return $"{name}.{domain}";
    }
}
