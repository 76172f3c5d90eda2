using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Api.V2;

/// <summary>A task as the API shows it: the columns of the existing product, then what is ours.</summary>
internal sealed record DeploymentTaskResponse
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExecuteAt { get; init; }

    public required DateTimeOffset? FirstAttemptedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required Guid ClusterId { get; init; }

    public required Guid DeploymentId { get; init; }

    public required Guid? ActingUserId { get; init; }

    public required Guid? ActingDeploymentId { get; init; }

    public required Guid? CanceledByUserId { get; init; }

    public required Guid? CanceledByDeploymentId { get; init; }

    public required JsonObject Operation { get; init; }

    public required string Status { get; init; }

    public required string? Reason { get; init; }

    public required Guid EnvId { get; init; }

    public required Guid? ActingBotId { get; init; }

    public required string ActorName { get; init; }

    public required Guid? CanceledByBotId { get; init; }

    public required string? CanceledByName { get; init; }

    public required DateTimeOffset? CancelRequestedAt { get; init; }

    public required string? CancelReason { get; init; }

    public required string KindName { get; init; }

    public required string DeploymentName { get; init; }

    public required string ClusterName { get; init; }

    public required string Namespace { get; init; }

    public required string? ChartVersion { get; init; }

    public required string? PrevChartVersion { get; init; }

    public required string? Phase { get; init; }

    public required int Attempt { get; init; }

    public required string? Effect { get; init; }

    public required Guid? RetryOfTaskId { get; init; }

    public required Guid? RollbackOfTaskId { get; init; }

    public required Guid? GroupId { get; init; }

    public required string? Message { get; init; }

    public static DeploymentTaskResponse From(DeploymentTask task, Standing standing) => new()
    {
        Id = task.Id,
        CreatedAt = task.CreatedAt,
        ExecuteAt = task.ExecuteAt,
        FirstAttemptedAt = task.FirstAttemptedAt,
        StartedAt = task.StartedAt,
        FinishedAt = task.FinishedAt,
        ClusterId = task.ClusterId,
        DeploymentId = task.DeploymentId,
        ActingUserId = task.ActingUserId,
        ActingDeploymentId = task.ActingDeploymentId,
        CanceledByUserId = task.CanceledByUserId,
        CanceledByDeploymentId = task.CanceledByDeploymentId,
        Operation = OperationView.Of(task.Operation, standing.Allows(Permission.ReadValuesOverride)),
        Status = task.Status.ToString(),
        Reason = task.Reason,
        EnvId = task.EnvId,
        ActingBotId = task.ActingBotId,
        ActorName = task.ActorName,
        CanceledByBotId = task.CanceledByBotId,
        CanceledByName = task.CanceledByName,
        CancelRequestedAt = task.CancelRequestedAt,
        CancelReason = task.CancelReason,
        KindName = task.KindName,
        DeploymentName = task.DeploymentName,
        ClusterName = task.ClusterName,
        Namespace = task.Namespace,
        ChartVersion = task.ChartVersion,
        PrevChartVersion = task.PrevChartVersion,
        Phase = task.Phase,
        Attempt = task.Attempt,
        Effect = task.Effect?.ToString(),
        RetryOfTaskId = task.RetryOfTaskId,
        RollbackOfTaskId = task.RollbackOfTaskId,
        GroupId = task.GroupId,
        Message = task.Message,
    };
}
