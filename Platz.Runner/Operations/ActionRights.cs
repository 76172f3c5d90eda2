using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Runner.Operations;

/// <summary>Whether whoever queued an action may still do so when it runs, perhaps much later.</summary>
internal sealed class ActionRights(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Why the action is refused; null when it is allowed.</summary>
    public async Task<string?> RefusalAsync(
        Actor actor, Deployment deployment, ChartAction action, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var env = await db.Clusters.Where(c => c.Id == deployment.ClusterId).Select(c => c.EnvId).SingleAsync(cancel);
        var standing = await Access.OfAsync(db, actor, env, deployment.KindId, cancel);
        return standing.Allows(action.Permission)
            ? null
            : $"{actor.Name} may not do this any more: it needs {Access.Needs(action.Permission)}.";
    }
}
