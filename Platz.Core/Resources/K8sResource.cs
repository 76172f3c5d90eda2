using System.Text.Json.Nodes;

namespace Platz.Core.Resources;

/// <summary>A Kubernetes object of a deployment as a runner last saw it; <see cref="Id"/> is the object's uid.</summary>
public sealed class K8sResource
{
    public required Guid Id { get; init; }

    public DateTimeOffset LastUpdatedAt { get; set; }

    public required Guid ClusterId { get; init; }

    public required Guid DeploymentId { get; init; }

    public required string Kind { get; init; }

    public required string ApiVersion { get; init; }

    public required string Name { get; init; }

    public string[] StatusColor { get; set; } = [];

    public JsonObject Metadata { get; set; } = [];
}
