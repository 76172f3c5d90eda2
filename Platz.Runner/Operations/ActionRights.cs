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
        Actor actor, Deployment deployment, ActionRole role, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var exists = actor switch
        {
            Actor.User => await db.Users.AnyAsync(u => u.Id == actor.Id && u.IsActive, cancel),
            Actor.Bot => await db.Bots.AnyAsync(b => b.Id == actor.Id && b.DeletedAt == null, cancel),
            _ => await db.Deployments.AnyAsync(d => d.Id == actor.Id && d.DeletedAt == null, cancel),
        };
        return exists ? null : $"{actor.Name} is not active any more and cannot act as {role} of {deployment.Namespace}.";
    }
}
