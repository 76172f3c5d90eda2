using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>
/// One row of a deployment's history: what should happen, who asked for it, how it ended. Read-only here: every write
/// is a guarded statement of <see cref="TaskQueue"/>, so that no stale copy can overwrite a newer state.
/// </summary>
public sealed class DeploymentTask
{
    /// <summary>UUIDv7, made by whoever enqueues.</summary>
    public required Guid Id { get; init; }

    public required Guid DeploymentId { get; init; }

    public required Guid EnvId { get; init; }

    public required Guid ClusterId { get; init; }

    /// <summary>The cluster of the current phase; a Recreate has two.</summary>
    public required Guid RunClusterId { get; init; }

    public required Operation Operation { get; init; }

    /// <summary>The tag of <see cref="Operation"/>, readable even where the operation itself is not.</summary>
    public required string OpKind { get; init; }

    public required DeploymentTaskStatus Status { get; init; }

    /// <summary>Plain text, at most 16 KiB: the error summary of a failed task, or why a Reinstall was queued.</summary>
    public string? Reason { get; init; }

    public TaskEffect? Effect { get; init; }

    /// <summary>The phase entered last; see <see cref="Tasks.Phase"/>.</summary>
    public string? Phase { get; init; }

    /// <summary>1 for the first claim, one more for each lease that expired.</summary>
    public required int Attempt { get; init; }

    /// <summary>Rises with every claim and take-over; a write with an older fence changes nothing.</summary>
    public required long Fence { get; init; }

    /// <summary>The runner that holds the task, or held it last.</summary>
    public string? LeaseOwner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExecuteAt { get; init; }

    /// <summary>The first claim; a take-over does not change it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Always the same as <see cref="StartedAt"/>; existing clients read it.</summary>
    public DateTimeOffset? FirstAttemptedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public Guid? ActingUserId { get; init; }

    public Guid? ActingBotId { get; init; }

    public Guid? ActingDeploymentId { get; init; }

    public Guid? CanceledByUserId { get; init; }

    public Guid? CanceledByBotId { get; init; }

    public Guid? CanceledByDeploymentId { get; init; }

    public DateTimeOffset? CancelRequestedAt { get; init; }

    public string? CancelReason { get; init; }

    /// <summary>Names as they were when the task was queued: history stays readable after the rows are gone.</summary>
    public required string ActorName { get; init; }

    public string? CanceledByName { get; init; }

    public required string KindName { get; init; }

    public required string DeploymentName { get; init; }

    public required string ClusterName { get; init; }

    public required string Namespace { get; init; }

    public string? ChartVersion { get; init; }

    public string? PrevChartVersion { get; init; }

    public Guid? RetryOfTaskId { get; init; }

    public Guid? RollbackOfTaskId { get; init; }

    public Guid? GroupId { get; init; }

    /// <summary>What its actor had to say about it, as plain text.</summary>
    public string? Message { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>A digest of the request that came with the key.</summary>
    public string? IdempotencyRequest { get; init; }

    public Actor Actor => Actor.From(ActingUserId, ActingBotId, ActingDeploymentId, ActorName);

    /// <summary>Whether it installed something: one can go back to that.</summary>
    public bool IsRevision => Operation.Installs is not null && (Status is DeploymentTaskStatus.Done
        || this is { Status: DeploymentTaskStatus.Canceled, Effect: TaskEffect.Complete });

    public bool CancelRequested => Status is DeploymentTaskStatus.Started && CancelRequestedAt is not null;
}

/// <summary>How much of a failed or canceled task took effect.</summary>
public enum TaskEffect
{
    None,
    Partial,
    Complete,
}
