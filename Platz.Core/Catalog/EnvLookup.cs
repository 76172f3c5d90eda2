using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>Finds envs and kinds by what a URL calls them: the name, or the id.</summary>
public sealed class EnvLookup(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Those that somebody is in, by name; a site admin is in all.</summary>
    public async Task<List<Env>> OfAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var visible = (await Access.GrantsAsync(db, actor, cancel)).Visible;
        return await db.Envs.AsNoTracking().Where(e => visible == null || visible.Contains(e.Id))
            .OrderBy(e => e.Name).ToListAsync(cancel);
    }

    public async Task<Env?> EnvAsync(string nameOrId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        Guid? id = Guid.TryParse(nameOrId, out var parsed) ? parsed : null;
        var name = nameOrId.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // lower() of the database, which has a unique index on it
        return await db.Envs.AsNoTracking().OrderBy(e => e.Id != id)
            .FirstOrDefaultAsync(e => e.Id == id || e.Name.ToLower() == name, cancel);
#pragma warning restore CA1304, CA1311, CA1862
    }

    public async Task<Kind?> KindAsync(string nameOrId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        Guid? id = Guid.TryParse(nameOrId, out var parsed) ? parsed : null;
        return await db.Kinds.AsNoTracking().OrderBy(k => k.Id != id)
            .FirstOrDefaultAsync(k => k.Id == id || k.Name == nameOrId, cancel);
    }

    /// <summary>Names of clusters, of those too that are gone.</summary>
    public async Task<Dictionary<Guid, string>> ClusterNamesAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Clusters.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
    }

    /// <summary>How many deployments follow a change of the env.</summary>
    public async Task<int> EnabledDeploymentsAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where cluster.EnvId == envId && deployment.Enabled && deployment.DeletedAt == null
            select deployment).CountAsync(cancel);
    }

    /// <summary>Every kind, with what the env has of it.</summary>
    public async Task<List<KindSummary>> KindsAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = from deployment in db.Deployments
                     join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
                     where cluster.EnvId == envId && deployment.DeletedAt == null
                     group deployment by new { deployment.KindId, deployment.Status } into same
                     select new { same.Key.KindId, same.Key.Status, Count = same.Count() };
        var rows = await (
            from kind in db.Kinds
            join count in counts on kind.Id equals count.KindId into ofKind
            from count in ofKind.DefaultIfEmpty()
            orderby kind.Name
            select new { kind.Name, Status = (DeploymentStatus?)count.Status, Count = (int?)count.Count ?? 0 })
            .ToListAsync(cancel);
        return
        [
            .. from row in rows
               group row by row.Name into kind
               let used = kind.Where(r => r.Count > 0).OrderBy(r => r.Status)
               select new KindSummary(kind.Key, [.. used.Select(r => new StatusCount(r.Status!.Value, r.Count))]),
        ];
    }
}

/// <param name="Statuses">How many deployments stand where; empty when there are none.</param>
public sealed record KindSummary(string Name, IReadOnlyList<StatusCount> Statuses)
{
    public int Total => Statuses.Sum(s => s.Count);
}

public sealed record StatusCount(DeploymentStatus Status, int Count);
