using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;

namespace Platz.Core.Values;

/// <summary>
/// A cluster as its charts see it: what the API answers about it, field by field, so that nothing new about a cluster
/// gets into values unasked. No kubeconfig, and not how Platz reaches its ingress.
/// </summary>
internal static class ClusterJson
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public static JsonObject Of(Cluster cluster) => new()
    {
        ["id"] = cluster.Id.ToString(),
        ["env_id"] = cluster.EnvId?.ToString(),
        ["provider_id"] = cluster.ProviderId,
        ["created_at"] = Print(cluster.CreatedAt),
        ["last_seen_at"] = Print(cluster.LastSeenAt),
        ["name"] = cluster.Name,
        ["region_name"] = cluster.RegionName,
        ["is_ok"] = cluster.IsOk,
        ["not_ok_reason"] = cluster.NotOkReason,
        ["ignore"] = cluster.Ignore,
        ["ingress_domain"] = cluster.IngressDomain,
        ["ingress_class"] = cluster.IngressClass,
        ["ingress_tls_secret_name"] = cluster.IngressTlsSecretName,
        ["grafana_url"] = cluster.GrafanaUrl,
        ["grafana_datasource_name"] = cluster.GrafanaDatasourceName,
        ["is_sandbox"] = cluster.IsSandbox,
    };

    private static string Print(DateTimeOffset time) => time.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture);
}
