using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>The end of one save: the row, what it refers to, and its task, in the transaction that is open.</summary>
internal sealed class DeploymentSaving(PlatzDb db, DeploymentChecks checks, Actor actor, IdempotencyKey? idempotencyKey)
{
    private const string Replaced = "A later change of the deployment took its place.";

    public PlatzDb Db => db;

    public DeploymentChecks Checks => checks;

    /// <summary>Of a task that repeats another.</summary>
    public TaskOrigin Origin { get; init; } = TaskOrigin.None;

    /// <param name="operation">Null when nothing is to be done on the cluster.</param>
    /// <param name="location">Where it is to be done.</param>
    public async Task<SaveResult> SaveAsync(
        Deployment deployment, Operation? operation, Location location, CancellationToken cancel)
    {
        var told = EntryOf(deployment, operation);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            ConstraintName: DeploymentMapping.OneNamespace
        })
        {
            return new SaveResult.Conflict(
                $"There is already a deployment with this name on {checks.ClusterName}.", "name");
        }

        if (operation is Install or Upgrade or Recreate or Uninstall)
        {
            await TaskQueue.CancelScheduledChangesAsync(db, deployment.Id, actor, Replaced, cancel);
        }

        Guid? taskId = operation is null
            ? null
            : await TaskQueue.EnqueueAsync(db, await TaskAsync(deployment, operation, location, cancel), cancel);
        if (operation is Uninstall)
        {
            await TaskQueue.CancelReinstallsAsync(db, deployment.Id, actor, "The deployment was disabled.", cancel);
        }

        if (told is not null)
        {
            await AuditLog.AppendAsync(db, told, cancel);
        }

        await db.Database.CurrentTransaction!.CommitAsync(cancel);
        return new SaveResult.Saved(deployment.Id, taskId);
    }

    /// <summary>What the task does not tell of, if there is one. Null where that is nothing.</summary>
    private AuditEntry? EntryOf(Deployment deployment, Operation? operation)
    {
        var changed = ChangedFields.Of(
            db.Entry(deployment), [nameof(Deployment.Version), nameof(Deployment.Status), .. ToldBy(operation)]);
        var subject = new AuditSubject("deployment", deployment.Id, deployment.Namespace);
        return changed.Count == 0
            ? null
            : new AuditEntry(AuditAction.DeploymentChanged, AuditActor.Of(actor), subject)
            {
                EnvId = checks.EnvId,
                Detail = new() { ["changed"] = changed },
            };
    }

    private static string[] ToldBy(Operation? operation) => operation switch
    {
        null => [],
        IInstallsChart =>
        [
            nameof(Deployment.Name), nameof(Deployment.ClusterId), nameof(Deployment.Namespace), nameof(Deployment.Enabled),
            nameof(Deployment.HelmChartId), nameof(Deployment.Config), nameof(Deployment.ValuesOverride),
            nameof(Deployment.ValuesOverrideYaml), nameof(Deployment.Reason),
        ],
        _ => [nameof(Deployment.Enabled), nameof(Deployment.Reason)],
    };

    private async Task<NewTask> TaskAsync(
        Deployment deployment, Operation operation, Location location, CancellationToken cancel)
    {
        var cluster = await db.Clusters.SingleAsync(c => c.Id == location.ClusterId, cancel);
        return new NewTask
        {
            DeploymentId = deployment.Id,
            EnvId = cluster.EnvId ?? checks.EnvId!.Value,
            ClusterId = cluster.Id,
            Operation = operation,
            Actor = actor,
            KindName = checks.KindName,
            DeploymentName = deployment.Name,
            ClusterName = cluster.Name,
            Namespace = location.Namespace,
            ChartVersion = checks.ChartVersion,
            PrevChartVersion = operation is Upgrade or Recreate ? checks.PreviousChartVersion : null,
            IdempotencyKey = idempotencyKey,
            ExecuteAt = Origin.ExecuteAt,
            RetryOfTaskId = Origin.RetryOf,
            RollbackOfTaskId = Origin.RollbackOf,
            Message = Origin.Message,
        };
    }
}

/// <summary>What a task was made from, when it was not made from an edit.</summary>
/// <param name="ExecuteAt">Not before this time; null or a past time: at once.</param>
/// <param name="Message">What its actor has to say about it.</param>
internal sealed record TaskOrigin(Guid? RetryOf, Guid? RollbackOf, DateTimeOffset? ExecuteAt, string? Message)
{
    public static TaskOrigin None { get; } = new(null, null, null, null);
}
