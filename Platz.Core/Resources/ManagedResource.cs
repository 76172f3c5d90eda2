using Platz.Core.Charts.Extensions;
using Platz.Core.Identity;

namespace Platz.Core.Resources;

/// <summary>One resource with all that its page shows of it.</summary>
/// <param name="ManagedBy">Null: the deployment is gone.</param>
/// <param name="Users">The deployments that use it, as far as the reader may see them.</param>
/// <param name="HiddenUsers">How many use it in envs that the reader is not in.</param>
public sealed record ManagedResource(
    DeploymentResource Row, DeploymentName? ManagedBy, IReadOnlyList<DeploymentName> Users, int HiddenUsers)
{
    /// <summary>What the installed chart says of the type; null while it says nothing.</summary>
    public ChartResourceType? Type { get; init; }

    /// <summary>Why the chart can be told nothing; null when it can.</summary>
    public string? Trouble { get; init; }

    public Standing Standing { get; init; }

    public bool MayUpdate => May(Type?.Update);

    public bool MayDelete => May(Type?.Delete);

    /// <summary>What failed is tried again as what it was.</summary>
    public bool MayTryAgain => Row.SyncStatus is ResourceSyncStatus.Error
        && (Row.FailedSync is ResourceSyncStatus.Deleting ? MayDelete : MayUpdate);

    public bool IsGone => !Row.Exists || Row.SyncStatus is ResourceSyncStatus.Deleting;

    private bool May(LifecycleAction? action) =>
        action is not null && !IsGone && Standing.Allows(ResourcePlace.Permission(action));
}

/// <summary>A deployment as others name it.</summary>
public sealed record DeploymentName(Guid Id, string Namespace);

/// <summary>One page of the resources of a type.</summary>
public sealed record ManagedPage(IReadOnlyList<DeploymentResource> Rows, int Total, int Number)
{
    public const int Size = 50;

    public int Pages => (Total + Size - 1) / Size;
}

/// <summary>A deployment that can be asked to make one, with the form that its chart has for it.</summary>
public sealed record ResourceHost(DeploymentName Deployment, ValuesUi Form);
