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

    /// <summary>One entry per replica: success, danger, primary …, as existing clients expect.</summary>
    public string[] StatusColor { get; set; } = [];

    public JsonObject Metadata { get; set; } = [];

    /// <summary>The object's own creation time.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The uid of the object that owns this one: of a pod its ReplicaSet, of that its Deployment.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>Replicas or containers that are ready; for a Job those that succeeded.</summary>
    public int? Ready { get; set; }

    /// <summary>How many there should be.</summary>
    public int? Desired { get; set; }

    /// <summary>Container restarts of a pod.</summary>
    public int? Restarts { get; set; }

    /// <summary>A pod's phase, or the word that says why it is not running: <c>CrashLoopBackOff</c>, <c>Unschedulable</c>.</summary>
    public string? State { get; set; }

    /// <summary>Why it waits or failed, in the cluster's words.</summary>
    public string? Message { get; set; }
}
