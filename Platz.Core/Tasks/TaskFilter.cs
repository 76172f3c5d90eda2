using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>
/// Which tasks to list; an empty list, like what is null or left alone, does not matter. Two filters that ask for the
/// same in the same order are equal, so that those who look at the same thing can share one read.
/// </summary>
public sealed record TaskFilter
{
    public static TaskFilter All { get; } = new();

    public IReadOnlyList<DeploymentTaskStatus> Statuses { get; init; } = [];

    /// <summary>Tags of operations, see <see cref="OperationJson.Kinds"/>.</summary>
    public IReadOnlyList<string> OpKinds { get; init; } = [];

    public IReadOnlyList<ActorRef> Actors { get; init; } = [];

    /// <summary>Kinds of deployments by the name they have now.</summary>
    public IReadOnlyList<string> KindNames { get; init; } = [];

    /// <summary>The clusters that tasks were queued for.</summary>
    public IReadOnlyList<Guid> ClusterIds { get; init; } = [];

    public IReadOnlyList<Guid> DeploymentIds { get; init; } = [];

    public Guid? EnvId { get; init; }

    /// <summary>The envs that may be seen; null for all.</summary>
    public IReadOnlyList<Guid>? EnvIds { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>The first moment that is too late.</summary>
    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>
    /// Part of the summary of a task's reason, in whatever case: of what comes before its first empty line, the error or
    /// why a Reinstall was queued, the first 500 characters. Not of log lines, nor of names. Blank does not matter.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Only tasks that are Pending or Started.</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>Also tasks whose time has not come.</summary>
    public bool ShowFuture { get; init; } = true;

    public static TaskFilter OfDeployment(Guid id) => new() { DeploymentIds = [id] };

    public bool Equals(TaskFilter? other) => other is not null
        && Scalars == other.Scalars
        && Statuses.SequenceEqual(other.Statuses)
        && OpKinds.SequenceEqual(other.OpKinds)
        && Actors.SequenceEqual(other.Actors)
        && KindNames.SequenceEqual(other.KindNames)
        && ClusterIds.SequenceEqual(other.ClusterIds)
        && DeploymentIds.SequenceEqual(other.DeploymentIds)
        && (EnvIds is null) == (other.EnvIds is null)
        && (EnvIds ?? []).SequenceEqual(other.EnvIds ?? []);

    public override int GetHashCode() => HashCode.Combine(
        Scalars, Statuses.Count, OpKinds.Count, Actors.Count, KindNames.Count, ClusterIds.Count,
        DeploymentIds.Count > 0 ? DeploymentIds[0] : default, EnvIds?.Count);

    private (Guid?, DateTimeOffset?, DateTimeOffset?, string?, bool, bool) Scalars =>
        (EnvId, CreatedFrom, CreatedTo, Text, ActiveOnly, ShowFuture);
}
