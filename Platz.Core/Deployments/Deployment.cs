using System.Text.Json.Nodes;

namespace Platz.Core.Deployments;

public enum DeploymentStatus
{
    Unknown,
    Installing,
    Renaming,
    Upgrading,
    Running,
    Error,
    Uninstalling,
    Uninstalled,
    Deleting,
}

/// <summary>One Helm release in one namespace; both carry the name in <see cref="Namespace"/>.</summary>
public sealed class Deployment
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Empty for the only deployment of its kind on a cluster.</summary>
    public required string Name { get; set; }

    public required Guid KindId { get; init; }

    public required Guid ClusterId { get; set; }

    /// <summary>Stored when the deployment is made, never derived again (contract 2.3).</summary>
    public required string Namespace { get; set; }

    public bool Enabled { get; set; } = true;

    public DeploymentStatus Status { get; set; }

    public string? DescriptionMd { get; set; }

    /// <summary>The error summary while <see cref="Status"/> is Error.</summary>
    public string? Reason { get; set; }

    public JsonObject? ReportedStatus { get; set; }

    /// <summary>The status that the chart itself reported last; null when it reports none, or could not be asked.</summary>
    public string? ReportedStatusName => Deployments.ReportedStatus.Of(ReportedStatus)?.Name;

    public required Guid HelmChartId { get; set; }

    public JsonObject Config { get; set; } = [];

    public JsonObject ValuesOverride { get; set; } = [];

    /// <summary>
    /// <see cref="ValuesOverride"/> as it was typed, comments and all; null where it came in as JSON.
    /// </summary>
    public string? ValuesOverrideYaml { get; set; }

    /// <summary>The task whose Helm run is currently installed.</summary>
    public Guid? RevisionId { get; init; }

    /// <summary>Soft delete: history stays reachable.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>
    /// Rises with every edit; an edit names the version it was made from. Not PostgreSQL's <c>xmin</c>, which changes
    /// with the status too: an open form would take a finished task for somebody else's edit.
    /// </summary>
    public int Version { get; set; }
}

/// <summary>
/// Until when the <c>platz-creds</c> in the deployment's namespace hold. A table of its own: renewals change no
/// deployment, and wake no page.
/// </summary>
public sealed class DeploymentCredential
{
    public required Guid DeploymentId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}

public enum DependencyKind
{
    Deployment,
    Secret,
    Resource,
}

/// <summary>A reference from a deployment's config, kept when the config is saved.</summary>
public sealed class DeploymentDependency
{
    public required Guid DeploymentId { get; init; }

    public required DependencyKind Kind { get; init; }

    public required Guid TargetId { get; init; }
}
