using System.Text.Json.Nodes;
using Platz.Core.Activity;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Activity.Export;

/// <summary>What an export says of a task; the names are those of the API, where it has the same.</summary>
internal static class TaskColumns
{
    public static IReadOnlyList<(string Name, Func<DeploymentTask, ActivityScope, object?> Of)> All { get; } =
    [
        ("id", (t, _) => t.Id),
        ("created_at", (t, _) => t.CreatedAt),
        ("execute_at", (t, _) => t.ExecuteAt),
        ("started_at", (t, _) => t.StartedAt),
        ("finished_at", (t, _) => t.FinishedAt),
        ("status", (t, _) => t.Status.ToString()),
        ("effect", (t, _) => t.Effect?.ToString()),
        ("op_kind", (t, _) => t.OpKind),
        ("env_id", (t, _) => t.EnvId),
        ("env_name", (t, scope) => scope.EnvNames.GetValueOrDefault(t.EnvId)),
        ("kind_name", (t, _) => t.KindName),
        ("deployment_id", (t, _) => t.DeploymentId),
        ("deployment_name", (t, _) => t.DeploymentName),
        ("cluster_id", (t, _) => t.ClusterId),
        ("cluster_name", (t, _) => t.ClusterName),
        ("namespace", (t, _) => t.Namespace),
        ("chart_version", (t, _) => t.ChartVersion),
        ("prev_chart_version", (t, _) => t.PrevChartVersion),
        ("actor_kind", (t, _) => Kind(t.ActingUserId, t.ActingBotId, t.ActingDeploymentId)),
        ("actor_id", (t, _) => t.ActingUserId ?? t.ActingBotId ?? t.ActingDeploymentId),
        ("actor_name", (t, _) => t.ActorName),
        ("cancel_requested_at", (t, _) => t.CancelRequestedAt),
        ("canceled_by_kind", (t, _) => Kind(t.CanceledByUserId, t.CanceledByBotId, t.CanceledByDeploymentId)),
        ("canceled_by_id", (t, _) => t.CanceledByUserId ?? t.CanceledByBotId ?? t.CanceledByDeploymentId),
        ("canceled_by_name", (t, _) => t.CanceledByName),
        ("cancel_reason", (t, _) => t.CancelReason),
        ("attempt", (t, _) => t.Attempt),
        ("retry_of_task_id", (t, _) => t.RetryOfTaskId),
        ("rollback_of_task_id", (t, _) => t.RollbackOfTaskId),
        ("group_id", (t, _) => t.GroupId),
        ("reason", (t, _) => t.Reason),
        ("operation", Operation),
    ];

    public static IEnumerable<(string Name, object? Value)> Of(DeploymentTask task, ActivityScope scope) =>
        All.Select(column => (column.Name, column.Of(task, scope)));

    private static JsonObject Operation(DeploymentTask task, ActivityScope scope) =>
        OperationView.Of(task.Operation, scope.MayReadOverride(task));

    private static string? Kind(Guid? user, Guid? bot, Guid? deployment) => (user, bot, deployment) switch
    {
        (not null, _, _) => nameof(ActorKind.User),
        (_, not null, _) => nameof(ActorKind.Bot),
        (_, _, not null) => nameof(ActorKind.Deployment),
        _ => null,
    };
}
