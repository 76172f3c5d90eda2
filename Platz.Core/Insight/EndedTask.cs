using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>What Insight counts of a task that has ended.</summary>
/// <param name="ByDeployment">Queued by another deployment, not by a person or a bot.</param>
public sealed record EndedTask(
    Guid DeploymentId,
    Guid EnvId,
    string OpKind,
    DeploymentTaskStatus Outcome,
    bool ByDeployment,
    DateTimeOffset ExecuteAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset FinishedAt)
{
    /// <summary>
    /// A change, after DORA ("deployment"): an Install, Upgrade, Recreate or Reinstall that a person or a bot asked for
    /// and that came to an end of its own, Done or Failed. What was canceled is no change; neither is a Reinstall that
    /// followed from another deployment's change, which is counted once, there.
    /// </summary>
    public bool IsChange => !ByDeployment
        && OpKind is nameof(Install) or nameof(Upgrade) or nameof(Recreate) or nameof(Reinstall)
        && Outcome is DeploymentTaskStatus.Done or DeploymentTaskStatus.Failed;

    /// <summary>Change failure rate: the share of changes for which this is so.</summary>
    public bool IsFailedChange => IsChange && Outcome is DeploymentTaskStatus.Failed;

    /// <summary>From when it was due until a runner took it, behind other tasks of its deployment too.</summary>
    public TimeSpan? Waited => StartedAt is { } start ? Positive(start - ExecuteAt) : null;

    /// <summary>Only of what was done: how long failures take to show is another question.</summary>
    public TimeSpan? Ran =>
        Outcome is DeploymentTaskStatus.Done && StartedAt is { } start ? Positive(FinishedAt - start) : null;

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
