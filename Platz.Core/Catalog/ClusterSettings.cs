using System.Net;
using System.Text.RegularExpressions;
using Platz.Core.Deployments;

namespace Platz.Core.Catalog;

/// <summary>What a site admin sets of a cluster; a text that is empty is not set.</summary>
/// <param name="EnvId">Null for a cluster that nobody may use yet.</param>
/// <param name="IngressCidrs">Separated by commas.</param>
public sealed partial record ClusterSettings(
    Guid? EnvId,
    bool Ignore,
    string IngressDomain = "",
    string IngressClass = "",
    string IngressTlsSecretName = "",
    string IngressAddress = "",
    string IngressCidrs = "",
    string GrafanaUrl = "",
    string GrafanaDatasourceName = "")
{
    private const int MostRanges = 50;
    private const int LongestText = 500;

    public static ClusterSettings Of(Cluster cluster) => new(
        cluster.EnvId, cluster.Ignore, cluster.IngressDomain ?? "", cluster.IngressClass ?? "",
        cluster.IngressTlsSecretName ?? "", cluster.IngressAddress ?? "", string.Join(", ", cluster.IngressCidrs),
        cluster.GrafanaUrl ?? "", cluster.GrafanaDatasourceName ?? "");

    /// <summary>Without what does not count: spaces around a text, capitals in a host's name.</summary>
    public ClusterSettings Trimmed() => this with
    {
        IngressDomain = IngressDomain.Trim().TrimEnd('.').ToLowerInvariant(),
        IngressClass = IngressClass.Trim(),
        IngressTlsSecretName = IngressTlsSecretName.Trim(),
        IngressAddress = IngressAddress.Trim(),
        IngressCidrs = string.Join(", ", Ranges(IngressCidrs)),
        GrafanaUrl = GrafanaUrl.Trim(),
        GrafanaDatasourceName = GrafanaDatasourceName.Trim(),
    };

    /// <summary>What is wrong, by the names that the API gives the fields.</summary>
    public IReadOnlyList<FieldError> Errors() =>
    [
        .. Check("ingress_domain", IngressDomain, Domain().IsMatch, "A domain is needed, apps.example.org for example."),
        .. Check("ingress_class", IngressClass, Domain().IsMatch, "This is no name of an ingress class."),
        .. Check("ingress_tls_secret_name", IngressTlsSecretName, Domain().IsMatch, "This is no name of a Secret."),
        .. Check("ingress_address", IngressAddress, IsAddress, "An address is host:port, 10.1.2.3:443 for example."),
        .. Check("ingress_cidrs", IngressCidrs, AreRanges, "Ranges are written 10.0.0.0/8, separated by commas, at most 50."),
        .. Check("grafana_url", GrafanaUrl, url => WebAddress.Parse(url) is not null,
            "An address is needed that begins with https:// or http://, without a password."),
        .. Check("grafana_datasource_name", GrafanaDatasourceName, name => !name.Any(char.IsControl),
            "A name has no control characters."),
    ];

    internal void ApplyTo(Cluster cluster)
    {
        (cluster.EnvId, cluster.Ignore) = (EnvId, Ignore);
        cluster.IngressDomain = Given(IngressDomain);
        cluster.IngressClass = Given(IngressClass);
        cluster.IngressTlsSecretName = Given(IngressTlsSecretName);
        cluster.IngressAddress = Given(IngressAddress);
        cluster.IngressCidrs = Ranges(IngressCidrs);
        cluster.GrafanaUrl = Given(GrafanaUrl);
        cluster.GrafanaDatasourceName = Given(GrafanaDatasourceName);
    }

    private static IEnumerable<FieldError> Check(string field, string text, Predicate<string> fits, string message) =>
        text.Length == 0 || (text.Length <= LongestText && fits(text)) ? [] : [new FieldError(field, message)];

    private static bool IsAddress(string text) =>
        HostAndPort().Match(text) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan) is >= 1 and <= 65_535;

    private static bool AreRanges(string text) => Ranges(text) is { Length: <= MostRanges } ranges
        && ranges.All(range => IPNetwork.TryParse(range, out _));

    private static string[] Ranges(string text) =>
        text.Split([',', ' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Given(string text) => text.Length == 0 ? null : text;

    [GeneratedRegex(@"\A(?=.{1,253}\z)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex Domain();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})\z")]
    private static partial Regex HostAndPort();
}
