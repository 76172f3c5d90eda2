using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>The envs that somebody can go to, and how much is in each.</summary>
public sealed class EnvChoices(IDbContextFactory<PlatzDb> databases)
{
    /// <param name="type">What an address calls a type of managed things; null where none is shown.</param>
    public async Task<IReadOnlyList<EnvChoice>> OfAsync(Actor actor, string? type, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, actor, cancel)).Visible;
        Guid? typeId = Guid.TryParse(type, out var id) ? id : null;
        return await db.Envs.Where(e => visible == null || visible.Contains(e.Id)).OrderBy(e => e.Name)
            .Select(e => new EnvChoice(
                e.Id,
                e.Name,
                db.Deployments.Count(d => d.DeletedAt == null
                    && db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId == e.Id)),
                db.EnvPermissions.Count(p => p.EnvId == e.Id),
                type != null && db.ResourceTypes.Any(t =>
                    (t.EnvId == null || t.EnvId == e.Id) && (t.Key == type || t.Id == typeId)))).ToListAsync(cancel);
    }

    /// <returns>Null when there is no such task.</returns>
    public async Task<Guid?> OfTaskAsync(Guid taskId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Tasks.Where(t => t.Id == taskId).Select(t => (Guid?)t.EnvId).SingleOrDefaultAsync(cancel);
    }
}

/// <param name="HasType">Whether it has the type of managed things that was asked for.</param>
public sealed record EnvChoice(Guid Id, string Name, int Deployments, int Members, bool HasType);
