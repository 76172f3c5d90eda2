using Platz.Core.Catalog;

namespace Platz.Web.Settings.Site;

/// <summary>One text among the settings of a cluster, as its form shows it.</summary>
/// <param name="Field">As errors name it.</param>
internal sealed record ClusterText(
    string Field,
    string Label,
    string Hint,
    Func<ClusterSettings, string> Get,
    Func<ClusterSettings, string, ClusterSettings> With)
{
    public static readonly IReadOnlyList<ClusterText> Ingress =
    [
        new("ingress_domain", "Domain", "Deployments are reached at names under it.",
            s => s.IngressDomain, (s, text) => s with { IngressDomain = text }),
        new("ingress_class", "Class", "Given to charts; empty for the cluster’s own.",
            s => s.IngressClass, (s, text) => s with { IngressClass = text }),
        new("ingress_tls_secret_name", "Secret of the certificate", "Charts name it for their hosts.",
            s => s.IngressTlsSecretName, (s, text) => s with { IngressTlsSecretName = text }),
        new("ingress_address", "Address", "host:port where it really listens, whatever DNS says.",
            s => s.IngressAddress, (s, text) => s with { IngressAddress = text }),
        new("ingress_cidrs", "Private ranges it may be in", "10.0.0.0/8, for example; private addresses outside them are refused.",
            s => s.IngressCidrs, (s, text) => s with { IngressCidrs = text }),
    ];

    public static readonly IReadOnlyList<ClusterText> Grafana =
    [
        new("grafana_url", "Address of Grafana", "Deployments link to their logs there.",
            s => s.GrafanaUrl, (s, text) => s with { GrafanaUrl = text }),
        new("grafana_datasource_name", "Data source of the logs", "By its name in Grafana: Loki, for example.",
            s => s.GrafanaDatasourceName, (s, text) => s with { GrafanaDatasourceName = text }),
    ];

    /// <summary>Unique on the page.</summary>
    public string Id => $"cluster-{Field.Replace('_', '-')}";
}
