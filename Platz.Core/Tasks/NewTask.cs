using Npgsql;
using NpgsqlTypes;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

/// <summary>What is written when a task is queued: its snapshot of the deployment (contract 2.2, 2.3).</summary>
public sealed record NewTask
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid DeploymentId { get; init; }

    public required Guid EnvId { get; init; }

    public required Guid ClusterId { get; init; }

    public required Operation Operation { get; init; }

    public required Actor Actor { get; init; }

    public required string KindName { get; init; }

    public required string DeploymentName { get; init; }

    public required string ClusterName { get; init; }

    public required string Namespace { get; init; }

    public string? ChartVersion { get; init; }

    public string? PrevChartVersion { get; init; }

    /// <summary>Not before this time; null or a past time: at once.</summary>
    public DateTimeOffset? ExecuteAt { get; init; }

    public IdempotencyKey? IdempotencyKey { get; init; }

    public Guid? RetryOfTaskId { get; init; }

    public Guid? RollbackOfTaskId { get; init; }

    public Guid? GroupId { get; init; }

    /// <summary>At most 500 characters.</summary>
    public string? Message { get; init; }
}

public sealed partial class TaskQueue
{
    private static void AddParameters(NpgsqlParameterCollection parameters, NewTask task)
    {
        parameters.AddWithValue("id", task.Id);
        parameters.AddWithValue("deployment", task.DeploymentId);
        parameters.AddWithValue("env", task.EnvId);
        parameters.AddWithValue("cluster", task.ClusterId);
        parameters.AddWithValue("operation", NpgsqlDbType.Jsonb, OperationJson.Write(task.Operation));
        parameters.AddWithValue("op_kind", task.Operation.Kind);
        parameters.Add(Nullable("user", task.Actor.UserId));
        parameters.Add(Nullable("bot", task.Actor.BotId));
        parameters.Add(Nullable("acting", task.Actor.DeploymentId));
        parameters.AddWithValue("actor_name", task.Actor.Name);
        parameters.AddWithValue("kind_name", task.KindName);
        parameters.AddWithValue("deployment_name", task.DeploymentName);
        parameters.AddWithValue("cluster_name", task.ClusterName);
        parameters.AddWithValue("namespace", task.Namespace);
        parameters.Add(Nullable("chart_version", task.ChartVersion));
        parameters.Add(Nullable("prev_chart_version", task.PrevChartVersion));
        parameters.Add(Nullable("execute_at", task.ExecuteAt?.UtcDateTime));
        parameters.Add(Nullable("idempotency_key", task.IdempotencyKey?.Key));
        parameters.Add(Nullable("idempotency_request", task.IdempotencyKey?.Request));
        parameters.Add(Nullable("retry_of", task.RetryOfTaskId));
        parameters.Add(Nullable("rollback_of", task.RollbackOfTaskId));
        parameters.Add(Nullable("group", task.GroupId));
        parameters.Add(Nullable("message", task.Message));
        parameters.Add(Nullable("reason", (task.Operation as Reinstall)?.Reason));
    }
}
