using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts;

namespace Platz.Core.Deployments;

/// <summary>Which deployments of an env are listed.</summary>
/// <param name="KindId">Null for those of all kinds.</param>
/// <param name="Text">Part of the name or of the cluster's name, of the kind's too where all kinds are listed.</param>
/// <param name="Number">The page, from 1; a number past the end gives the last one.</param>
public sealed record DeploymentFilter(
    Guid EnvId, Guid? KindId, string Text = "", DeploymentStatus? Status = null, int Number = 1);

/// <param name="Total">Of all pages.</param>
public sealed record DeploymentPage(IReadOnlyList<DeploymentItem> Items, int Total, int Number, int Pages)
{
    /// <summary>How many there are in each status, whichever was asked for.</summary>
    public IReadOnlyList<StatusCount> Statuses { get; init; } = [];
}

/// <summary>One line of a list: no config, which may be large.</summary>
/// <param name="Reason">The whole error summary, while it is in Error.</param>
public sealed record DeploymentItem(
    Guid Id, string Name, string Namespace, DeploymentStatus Status, bool Enabled, string? Reason)
{
    public required KindRef Kind { get; init; }

    public required ClusterRef Cluster { get; init; }

    public required ChartVersion Chart { get; init; }

    public JsonObject? ReportedStatus { get; init; }

    /// <summary>Null where nothing was ever asked of it.</summary>
    public LastTask? LastTask { get; init; }

    /// <summary>The task that left it in Error; null where it is not, or where that task is long gone.</summary>
    public Guid? FailedTaskId { get; init; }

    /// <summary>What it goes by: the only one of its kind on a cluster has no name.</summary>
    public string Title => Name.Length > 0 ? Name : Namespace;
}

public sealed record KindRef(Guid Id, string Name);

/// <param name="Trouble">Why the cluster does not answer; null while it does.</param>
public sealed record ClusterRef(string Name, bool IsSandbox, string? Trouble);
