using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using Platz.Web.Api;
using Platz.Web.Api.V2;

namespace Platz.Tests.Core.Values;

public sealed class PlatformValuesTests
{
    [Fact]
    public void A_chart_learns_where_it_is_deployed()
    {
        var platform = Platform();
        var platz = platform["platz"]!.AsObject();

        Assert.Equal(["platz", "shira", "nodeSelector", "tolerations", "ingress"], platform.Select(p => p.Key));
        Assert.Equal(platz.ToJsonString(), platform["shira"]!.ToJsonString());
        Assert.True(platz.Remove("cluster"));
        Assert.Equal(
            Compact("""
                {
                  "env_id": "00000000-0000-0000-0000-0000000000a1", "env_name": "prod",
                  "cluster_id": "00000000-0000-0000-0000-0000000000b1", "cluster_name": "blue",
                  "deployment_id": "00000000-0000-0000-0000-0000000000c1", "deployment_name": "shop",
                  "deployment_kind": "Web", "revision_id": "00000000-0000-0000-0000-0000000000f1",
                  "own_url": "https://platz.example"
                }
                """),
            platz.ToJsonString());
    }

    [Fact]
    public void A_chart_sees_the_cluster_exactly_as_the_api_shows_it()
    {
        var cluster = ValuesRequests.Cluster();
        var shown = JsonSerializer.SerializeToNode(
            K8sClusterResponse.From(cluster), ApiJson.Default.GetTypeInfo(typeof(K8sClusterResponse))!);

        Assert.Equal(shown!.ToJsonString(), Platform()["platz"]!["cluster"]!.ToJsonString());
    }

    [Fact]
    public void Node_selector_and_tolerations_are_the_envs_even_when_empty()
    {
        var request = ValuesRequests.Of(null);
        request.Env.Tolerations = [];

        var platform = ChartValues.Build(request).Platform;

        Assert.Equal("""{"pool":"blue"}""", platform["nodeSelector"]!.ToJsonString());
        Assert.Equal("[]", platform["tolerations"]!.ToJsonString());
    }

    [Fact]
    public void They_are_also_where_the_chart_wants_them()
    {
        var platform = Platform(new ChartFeatures
        {
            NodeSelectorPaths = [["redis", "master", "nodeSelector"], ["pools", "[0]", "selector"]],
            TolerationsPaths = [["redis", "master", "tolerations"]],
        });

        Assert.Equal(
            """{"master":{"nodeSelector":{"pool":"blue"},"tolerations":[{"key":"blue","operator":"Exists"}]}}""",
            platform["redis"]!.ToJsonString());
        Assert.Equal("""[{"selector":{"pool":"blue"}}]""", platform["pools"]!.ToJsonString());
    }

    [Theory]
    [InlineData(true, "apps.example", "wildcard",
        """
        {
          "enabled": true, "className": "nginx",
          "hosts": [{"host": "web-shop.apps.example", "paths": [{"path": "/", "pathType": "Prefix"}]}],
          "tls": [{"secretName": "wildcard", "hosts": ["web-shop.apps.example"]}]
        }
        """)]
    [InlineData(true, "apps.example", null,
        """
        {
          "enabled": true, "className": "nginx",
          "hosts": [{"host": "web-shop.apps.example", "paths": [{"path": "/", "pathType": "Prefix"}]}],
          "tls": []
        }
        """)]
    [InlineData(true, null, "wildcard", """{"enabled":false,"className":null,"hosts":[],"tls":[]}""")]
    [InlineData(true, " ", "wildcard", """{"enabled":false,"className":null,"hosts":[],"tls":[]}""")]
    [InlineData(false, "apps.example", "wildcard", """{"enabled":false,"className":null,"hosts":[],"tls":[]}""")]
    public void The_ingress_is_as_chart_and_cluster_allow(bool wanted, string? domain, string? tls, string expected)
    {
        var request = ValuesRequests.Of(null) with
        {
            Schema = ChartSchema.None with { Features = new ChartFeatures { Ingress = wanted } },
            Cluster = ValuesRequests.Cluster(domain, tls),
        };

        Assert.Equal(Compact(expected), ChartValues.Build(request).Platform["ingress"]!.ToJsonString());
    }

    [Theory]
    [InlineData(HostnameFormat.KindAndName, "shop", "apps.example", "web-shop.apps.example")]
    [InlineData(HostnameFormat.Name, "shop", "apps.example", "shop.apps.example")]
    [InlineData(HostnameFormat.Name, "", "apps.example", "web-shop.apps.example")]
    [InlineData(HostnameFormat.Name, "shop", ".apps.example.", "shop.apps.example")]
    [InlineData(HostnameFormat.Name, "shop", "", null)]
    [InlineData(HostnameFormat.Name, "shop", null, null)]
    public void The_host_never_begins_with_a_dot(
        HostnameFormat format, string name, string? domain, string? expected) =>
        Assert.Equal(expected, IngressHost.Of(format, "web-shop", name, ValuesRequests.Cluster(domain)));

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static JsonObject Platform(ChartFeatures? features = null)
    {
        var request = ValuesRequests.Of(null);
        return ChartValues.Build(request with
        {
            Schema = request.Schema with { Features = features ?? ChartFeatures.Default },
        }).Platform;
    }
}
