using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Resources;

/// <summary>Where a resource lives: the deployment that manages it, and what its installed chart says of the type.</summary>
internal sealed record ResourcePlace(
    Deployment Deployment, Guid EnvId, DeploymentResourceType Row, ChartResourceType Type, Standing Standing)
{
    /// <returns>The place, or the refusal.</returns>
    public static async Task<(ResourcePlace? Place, ResourceResult? Refusal)> FindAsync(
        PlatzDb db, Guid typeId, Guid? deploymentId, Actor actor, CancellationToken cancel)
    {
        var found = await (
            from deployment in db.Deployments.AsNoTracking()
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where deployment.Id == deploymentId && deployment.DeletedAt == null && cluster.EnvId != null
            select new { Deployment = deployment, EnvId = cluster.EnvId!.Value }).SingleOrDefaultAsync(cancel);
        var standing = found is null
            ? Standing.None
            : await Access.OfAsync(db, actor, found.EnvId, found.Deployment.KindId, cancel);
        if (found is null || standing is Standing.None)
        {
            return (null, new ResourceResult.NotFound());
        }

        var row = await db.Set<DeploymentResourceType>().AsNoTracking().SingleOrDefaultAsync(
            t => t.Id == typeId && t.DeploymentKindId == found.Deployment.KindId
                && (t.EnvId == null || t.EnvId == found.EnvId), cancel);
        if (row is null)
        {
            return (null, new ResourceResult.Invalid([new FieldError("type_id", "This deployment manages no such type.")]));
        }

        var type = found.Deployment.Enabled ? await InstalledTypeAsync(db, found.Deployment, row.Key, cancel) : null;
        return type is null
            ? (null, new ResourceResult.Conflict(
                $"{found.Deployment.Namespace} has no chart installed that manages this; install it first."))
            : (new ResourcePlace(found.Deployment, found.EnvId, row, type, standing), null);
    }

    /// <summary>Why they may not; null when they may.</summary>
    public ResourceResult? Refusal(LifecycleAction? action, string verb)
    {
        if (action is null)
        {
            return new ResourceResult.Conflict($"The chart offers no way to {verb} {Type.NamePlural}.");
        }

        var permission = Permission(action);
        return Standing.Allows(permission) ? null : new ResourceResult.Forbidden(permission);
    }

    /// <inheritdoc cref="Refusal(LifecycleAction?, string)"/>
    /// <param name="actor">Who is about to do it.</param>
    public ResourceResult? Refusal(PlatzDb db, Actor actor, LifecycleAction? action, string verb)
    {
        var refusal = Refusal(action, verb);
        if (refusal is ResourceResult.Forbidden(var needs))
        {
            db.Deny(actor, needs, EnvId);
        }

        return refusal;
    }

    /// <summary>What the chart asks of whoever does it; a Maintainer where it asks nothing.</summary>
    public static Permission Permission(LifecycleAction action) => action.AllowedRole is ActionRole.Owner
        ? Identity.Permission.InvokeOwnerAction
        : Identity.Permission.InvokeMaintainerAction;

    private static async Task<ChartResourceType?> InstalledTypeAsync(
        PlatzDb db, Deployment deployment, string key, CancellationToken cancel)
    {
        var revision = await db.Tasks.AsNoTracking().Where(t => t.Id == deployment.RevisionId)
            .Select(t => t.Operation).SingleOrDefaultAsync(cancel);
        var chart = revision?.InstalledChartId is { } id
            ? await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel)
            : null;
        return chart is null ? null : ChartSchema.Of(chart).ResourceTypes.FirstOrDefault(t => t.Key == key);
    }
}
