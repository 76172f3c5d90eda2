using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>
/// A retry or rollback that waits for its time leaves the deployment as it is: until then nothing of it is installed, and
/// it may be canceled. What it installs is written when it starts.
/// </summary>
public static class ScheduledInputs
{
    /// <summary>Lets the deployment say what the task is about to install, unless it has been changed since.</summary>
    public static async Task WriteAsync(PlatzDb db, DeploymentTask task, CancellationToken cancel)
    {
        if ((task.RetryOfTaskId ?? task.RollbackOfTaskId) is null || task.Operation is not IInstallsChart inputs)
        {
            return;
        }

        var id = task.DeploymentId;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TaskQueue.LockAsync(db, [id], cancel);
        var deployment = await db.Deployments.FromSql($"SELECT * FROM deployments WHERE id = {id} FOR UPDATE")
            .SingleAsync(cancel);
        if (Says(deployment, inputs) || await IsReplacedAsync(db, task, cancel))
        {
            return;
        }

        deployment.TakeBack(inputs);
        deployment.Config = inputs.ConfigInputs.DeepClone().AsObject();
        var chart = await db.Charts.AsNoTracking().SingleAsync(c => c.Id == inputs.HelmChartId, cancel);
        var form = ChartSchema.Of(chart).ValuesUi ?? ValuesUi.Empty;
        await DeploymentInputs.KeepAsync(db, id, Collections.Dependencies(form, inputs.ConfigInputs), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Sets chart and override as a task had them; an override that does not differ stays as it was typed.
    /// </summary>
    internal static void TakeBack(this Deployment deployment, IInstallsChart inputs)
    {
        var values = inputs.ValuesOverride ?? [];
        deployment.HelmChartId = inputs.HelmChartId;
        if (!JsonNode.DeepEquals(values, deployment.ValuesOverride))
        {
            (deployment.ValuesOverride, deployment.ValuesOverrideYaml) = (values.DeepClone().AsObject(), null);
        }

        deployment.Version++;
    }

    private static bool Says(Deployment deployment, IInstallsChart inputs) =>
        deployment.HelmChartId == inputs.HelmChartId
        && JsonNode.DeepEquals(deployment.Config, inputs.ConfigInputs)
        && JsonNode.DeepEquals(deployment.ValuesOverride, inputs.ValuesOverride ?? []);

    /// <summary>A later change is queued behind this task, and has written its own; one that waits itself has not.</summary>
    private static Task<bool> IsReplacedAsync(PlatzDb db, DeploymentTask task, CancellationToken cancel) =>
        db.Tasks.AnyAsync(
            t => t.DeploymentId == task.DeploymentId && t.CreatedAt > task.CreatedAt && t.ExecuteAt <= t.CreatedAt
                && (t.OpKind == nameof(Install) || t.OpKind == nameof(Upgrade) || t.OpKind == nameof(Recreate)
                    || t.OpKind == nameof(Uninstall)),
            cancel);
}
