using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>A task that shall be done again, and its deployment as it is now.</summary>
internal sealed record RepeatSource(DeploymentTask Task, Deployment Deployment, Kind Kind)
{
    /// <summary>Where the release is; null when nothing is installed. Of a move that is queued: where it goes.</summary>
    public Location? Release { get; private init; }

    /// <summary>Whether a move is queued, or under way.</summary>
    public bool IsMoving { get; private init; }

    /// <summary>What the deployment said when this was read.</summary>
    public required InstalledInputs Now { get; init; }

    /// <summary>Of an InvokeAction: the action, if the deployment's chart is still the one that has it.</summary>
    public ChartAction? Action { get; private init; }

    /// <summary>Of a restart: whether the object is still known as one of this deployment.</summary>
    public bool ResourceIsThere { get; private init; }

    /// <param name="forUpdate">Locks the deployment's row, for a runner writes its status.</param>
    public static async Task<RepeatSource?> ReadAsync(
        PlatzDb db, Guid taskId, bool forUpdate, CancellationToken cancel)
    {
        if (await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == taskId, cancel) is not { } task)
        {
            return null;
        }

        var id = task.DeploymentId;
        var rows = forUpdate
            ? db.Deployments.FromSql($"SELECT * FROM deployments WHERE id = {id} FOR UPDATE")
            : db.Deployments.Where(d => d.Id == id);
        var deployment = await rows.SingleAsync(cancel);
        var moving = await Location.IsMovingAsync(db, id, cancel);
        return new RepeatSource(task, deployment, await db.Kinds.SingleAsync(k => k.Id == deployment.KindId, cancel))
        {
            IsMoving = moving,
            Release = (moving, deployment.RevisionId) switch
            {
                (true, _) => Location.Of(deployment),
                (_, { } revision) => await Location.OfRevisionAsync(db, revision, cancel),
                _ => null,
            },
            Now = new InstalledInputs(
                deployment.HelmChartId, deployment.Config.DeepClone().AsObject(),
                deployment.ValuesOverride.DeepClone().AsObject()),
            Action = await ActionAsync(db, task, deployment, cancel),
            ResourceIsThere = task.Operation is RestartK8sResource restart && await db.K8sResources.AnyAsync(
                r => r.Id == restart.ResourceId && r.DeploymentId == id && r.Name == restart.ResourceName, cancel),
        };
    }

    private static async Task<ChartAction?> ActionAsync(
        PlatzDb db, DeploymentTask task, Deployment deployment, CancellationToken cancel) =>
        task.Operation is InvokeAction call && call.HelmChartId == deployment.HelmChartId
        && await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == call.HelmChartId, cancel) is { } chart
            ? ChartSchema.Of(chart).Actions.FirstOrDefault(action => action.Id == call.ActionId)
            : null;
}
