using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;

namespace Platz.Tests.Core.Values;

/// <summary>A deployment to build values for, which the tests vary.</summary>
internal static class ValuesRequests
{
    public static readonly Guid DatabaseId = new("00000000-0000-0000-0000-0000000000d1");
    public static readonly Guid SecretId = new("00000000-0000-0000-0000-0000000000e1");

    public static ValuesRequest Of(ValuesUi? ui, string inputs = "{}") => new()
    {
        Env = new Env
        {
            Id = new("00000000-0000-0000-0000-0000000000a1"),
            Name = "prod",
            NodeSelector = new JsonObject { ["pool"] = "blue" },
            Tolerations = new JsonArray(new JsonObject { ["key"] = "blue", ["operator"] = "Exists" }),
        },
        Cluster = Cluster(),
        DeploymentId = new("00000000-0000-0000-0000-0000000000c1"),
        DeploymentName = "shop",
        Namespace = "web-shop",
        Kind = "Web",
        RevisionId = new("00000000-0000-0000-0000-0000000000f1"),
        OwnUrl = "https://platz.example",
        Schema = ChartSchema.None with { ValuesUi = ui },
        Inputs = JsonNode.Parse(inputs)!.AsObject(),
        Properties = Properties,
    };

    public static Cluster Cluster(
        string? domain = "apps.example", string? tls = "wildcard", string? ingressClass = "nginx") => new()
        {
            Id = new("00000000-0000-0000-0000-0000000000b1"),
            EnvId = new("00000000-0000-0000-0000-0000000000a1"),
            ProviderId = "config:blue",
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)),
            LastSeenAt = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
            Name = "blue",
            RegionName = "eu-north-1",
            IsOk = false,
            NotOkReason = "slow",
            IngressDomain = domain,
            IngressClass = ingressClass,
            IngressTlsSecretName = tls,
            IngressAddress = "127.0.0.1:1234",
            IngressCa = "PEM of the authority",
            IngressCidrs = ["10.0.0.0/8"],
            GrafanaUrl = "https://grafana.example",
            GrafanaDatasourceName = "prometheus",
            Kubeconfig = [1, 2, 3],
        };

    public static InputField Field(string id, InputType type = InputType.Text) =>
        new() { Id = id, Type = type, Label = $"The {id}" };

    public static InputField Choice(string id, InputCollection collection) =>
        Field(id, InputType.CollectionSelect) with { Collection = collection };

    public static ValueOutput Output(string path, string input, string? property = null) =>
        new(path.Split('.'), new InputReference(input, property));

    public static ValuesUi Ui(InputField input, params ValueOutput[] outputs) => new([input], outputs, []);

    private static JsonObject? Properties(InputCollection collection, Guid id) => (collection, id) switch
    {
        (InputCollection.Resources { Type: "Database" }, _) when id == DatabaseId =>
            new JsonObject { ["id"] = id.ToString(), ["name"] = "orders", ["host"] = "db.example", ["replica"] = null },
        (InputCollection.Secrets, _) when id == SecretId =>
            new JsonObject { ["id"] = id.ToString(), ["name"] = "token", ["contents"] = "hunter2" },
        _ => null,
    };
}
