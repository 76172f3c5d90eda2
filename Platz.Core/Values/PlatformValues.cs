using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>
/// What Platz tells every chart, whatever its form: where it is deployed, and how it is reached there.
/// </summary>
internal static class PlatformValues
{
    public static JsonObject Of(ValuesRequest request)
    {
        var platz = Platz(request);
        var values = new JsonObject
        {
            ["platz"] = platz,
            ["shira"] = platz.DeepClone(), // the name before Platz, which old charts still read
            ["nodeSelector"] = request.Env.NodeSelector.DeepClone(),
            ["tolerations"] = request.Env.Tolerations.DeepClone(),
            ["ingress"] = Ingress(request),
        };
        foreach (var path in request.Schema.Features.NodeSelectorPaths)
        {
            OutputPath.Write(values, path, request.Env.NodeSelector);
        }

        foreach (var path in request.Schema.Features.TolerationsPaths)
        {
            OutputPath.Write(values, path, request.Env.Tolerations);
        }

        return values;
    }

    private static JsonObject Platz(ValuesRequest request) => new()
    {
        ["env_id"] = request.Env.Id.ToString(),
        ["env_name"] = request.Env.Name,
        ["cluster_id"] = request.Cluster.Id.ToString(),
        ["cluster_name"] = request.Cluster.Name,
        ["cluster"] = ClusterJson.Of(request.Cluster),
        ["deployment_id"] = request.DeploymentId.ToString(),
        ["deployment_name"] = request.DeploymentName,
        ["deployment_kind"] = request.Kind,
        ["revision_id"] = request.RevisionId?.ToString(),
        ["own_url"] = request.OwnUrl,
    };

    /// <summary>In the shape of <c>helm create</c>; always there, so that a chart need not ask whether it is.</summary>
    private static JsonObject Ingress(ValuesRequest request)
    {
        var (features, cluster) = (request.Schema.Features, request.Cluster);
        var host = IngressHost.Of(features.HostnameFormat, request.Namespace, request.DeploymentName, cluster);
        var on = features.Ingress && host is not null;
        return new JsonObject
        {
            ["enabled"] = on,
            ["className"] = on ? cluster.IngressClass : null,
            ["hosts"] = on ? new JsonArray(Host(host!)) : [],
            ["tls"] = on && cluster.IngressTlsSecretName is { Length: > 0 } secret
                ? new JsonArray(new JsonObject { ["secretName"] = secret, ["hosts"] = new JsonArray(host) })
                : [],
        };
    }

    private static JsonObject Host(string host) => new()
    {
        ["host"] = host,
        ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix" }),
    };
}
