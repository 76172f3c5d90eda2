using System.Text.Json.Nodes;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Runner.Watching;

namespace Platz.Tests.Runner.Watching;

public sealed class SeenTextTests
{
    [Fact]
    public void What_a_chart_put_into_its_objects_is_not_kept_where_it_is_secret_or_may_be()
    {
        var resource = new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Guid.NewGuid(),
            DeploymentId = Guid.NewGuid(),
            Kind = "Pod",
            ApiVersion = "v1",
            Name = "web",
            State = "ImagePullBackOff",
            Message = "Back-off pulling image \"registry.example/sesame-street:1\"\0",
            Metadata = new JsonObject
            {
                ["labels"] = new JsonObject { ["app"] = "web", ["owner"] = "sesame-street" },
                ["annotations"] = new JsonObject
                {
                    ["deployment.kubernetes.io/revision"] = "3",
                    ["meta.helm.sh/release-name"] = "web",
                    ["example.com/settings"] = "anything",
                    ["nokubernetes.io/x"] = "anything",
                    ["plain"] = "anything",
                },
            },
        };

        SeenText.Clean(resource, new Redactor(["sesame-street"]));

        Assert.Equal("Back-off pulling image \"registry.example/•••:1\"\uFFFD", resource.Message);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "labels": {"app": "web", "owner": "•••"},
                  "annotations": {"deployment.kubernetes.io/revision": "3", "meta.helm.sh/release-name": "web"}
                }
                """),
            resource.Metadata));
    }
}
