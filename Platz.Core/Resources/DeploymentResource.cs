using System.Text.Json.Nodes;

namespace Platz.Core.Resources;

/// <summary>A type of things that deployments of a kind manage, registered when such a chart is installed.</summary>
public sealed class DeploymentResourceType
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: shared by all envs.</summary>
    public Guid? EnvId { get; init; }

    public required Guid DeploymentKindId { get; init; }

    public required string Key { get; init; }

    /// <summary>The chart's <c>spec</c>, in the form of the existing product.</summary>
    public required JsonObject Spec { get; set; }
}

public enum ResourceSyncStatus
{
    Creating,
    Updating,
    Deleting,
    Ready,
    Error,
}

/// <summary>One thing of such a type, a database for example, kept by <see cref="DeploymentId"/>.</summary>
public sealed class DeploymentResource
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required Guid TypeId { get; init; }

    public Guid? DeploymentId { get; init; }

    public required string Name { get; set; }

    /// <summary>False once it was deleted; the row stays, so that ids in configs and tasks stay valid.</summary>
    public bool Exists { get; set; } = true;

    /// <summary>The inputs of the type's form; sensitive ones sealed.</summary>
    public JsonObject Props { get; set; } = [];

    public ResourceSyncStatus SyncStatus { get; set; }

    public string? SyncReason { get; set; }

    /// <summary>What failed, while <see cref="SyncStatus"/> is Error.</summary>
    public ResourceSyncStatus? FailedSync { get; set; }

    /// <summary>Rises with every change; the outcome of a call for an earlier one does not count.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Calls that failed since the last change; they are bounded.</summary>
    public int SyncAttempts { get; set; }

    /// <summary>When the next call is due; null when none is.</summary>
    public DateTimeOffset? SyncAt { get; set; }
}
