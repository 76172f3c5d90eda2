using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Deployments;

/// <summary>What somebody may do, for pages: they show and hide by it. Each command asks again for itself.</summary>
public sealed class DeploymentRights(IDbContextFactory<PlatzDb> databases)
{
    /// <param name="envId">Null for what belongs to no env.</param>
    /// <param name="kindId">Null for what is about the env as a whole.</param>
    public async Task<Standing> OfAsync(Actor actor, Guid? envId, Guid? kindId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Access.OfAsync(db, actor, envId, kindId, cancel);
    }

    /// <summary>All of them at once, for lists of many kinds or envs.</summary>
    public async Task<Grants> GrantsAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Access.GrantsAsync(db, actor, cancel);
    }
}
