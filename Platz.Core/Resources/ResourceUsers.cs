using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Resources;

/// <summary>The deployments that use a resource; they are reinstalled when it has changed.</summary>
public static class ResourceUsers
{
    public static Task<List<string>> NamesAsync(PlatzDb db, Guid resourceId, CancellationToken cancel) =>
        Of(db, resourceId).OrderBy(d => d.Namespace).Select(d => d.Namespace).Take(20).ToListAsync(cancel);

    /// <summary>Within the caller's transaction.</summary>
    public static async Task ReinstallAsync(
        PlatzDb db, Guid resourceId, string reason, Actor actor, CancellationToken cancel)
    {
        var users = await Of(db, resourceId).Where(d => d.Enabled).Select(d => d.Id).ToListAsync(cancel);
        await TaskQueue.ReinstallAsync(db, users, reason, actor, cancel);
    }

    internal static IQueryable<Deployment> Of(PlatzDb db, Guid resourceId) =>
        from dependency in db.Dependencies
        join deployment in db.Deployments on dependency.DeploymentId equals deployment.Id
        where dependency.Kind == DependencyKind.Resource && dependency.TargetId == resourceId && deployment.DeletedAt == null
        select deployment;
}
