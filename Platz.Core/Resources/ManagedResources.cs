using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Resources;

/// <summary>What the deployments of an env manage for others, to be shown.</summary>
public sealed class ManagedResources(IDbContextFactory<PlatzDb> databases)
{
    private const int MostHosts = 100;

    /// <summary>The types that an env has, those included that all envs share, by name.</summary>
    public async Task<IReadOnlyList<ManagedType>> TypesAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. ManagedType.In(envId, await ManagedType.OfAllAsync(db, cancel))];
    }

    /// <param name="number">Counted from 1; a page past the end is the last one.</param>
    public async Task<ManagedPage> PageAsync(Guid envId, Guid typeId, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = OfEnv(db, envId, typeId).Where(resource => resource.Exists);
        var total = await all.CountAsync(cancel);
        var last = Math.Max(1, (total + ManagedPage.Size - 1) / ManagedPage.Size);
        var shown = Math.Clamp(number, 1, last);
        var rows = await all.OrderBy(resource => resource.Name).ThenBy(resource => resource.Id)
            .Skip((shown - 1) * ManagedPage.Size).Take(ManagedPage.Size).ToListAsync(cancel);
        return new ManagedPage(rows, total, shown);
    }

    /// <returns>Null when this env has no such resource.</returns>
    public async Task<ManagedResource?> OneAsync(
        Guid envId, Guid typeId, Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await OfEnv(db, envId, typeId).SingleOrDefaultAsync(resource => resource.Id == id, cancel) is not { } row)
        {
            return null;
        }

        var manager = await db.Deployments.Where(d => d.Id == row.DeploymentId && d.DeletedAt == null)
            .Select(d => new DeploymentName(d.Id, d.Namespace)).SingleOrDefaultAsync(cancel);
        var (users, hidden) = await UsersAsync(db, id, actor, cancel);
        var (place, refusal) = await ResourcePlace.FindAsync(db, typeId, row.DeploymentId, actor, cancel);
        return new ManagedResource(row, manager, users, hidden)
        {
            Type = place?.Type,
            Standing = place?.Standing ?? Standing.None,
            Trouble = refusal?.Words("resource"),
        };
    }

    /// <summary>The deployments of the env that the actor may ask to make one.</summary>
    public async Task<IReadOnlyList<ResourceHost>> HostsAsync(
        Guid envId, ManagedType type, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deployments = await (
            from deployment in db.Deployments
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            where cluster.EnvId == envId && deployment.KindId == type.KindId
                && deployment.Enabled && deployment.DeletedAt == null
            orderby deployment.Namespace
            select new DeploymentName(deployment.Id, deployment.Namespace)).Take(MostHosts).ToListAsync(cancel);
        var hosts = new List<ResourceHost>();
        foreach (var deployment in deployments)
        {
            var (place, _) = await ResourcePlace.FindAsync(db, type.Id, deployment.Id, actor, cancel);
            if (place is not null && place.Refusal(place.Type.Create, "create") is null)
            {
                hosts.Add(new ResourceHost(deployment, place.Type.Form));
            }
        }

        return hosts;
    }

    private static async Task<(List<DeploymentName> Users, int Hidden)> UsersAsync(
        PlatzDb db, Guid id, Actor actor, CancellationToken cancel)
    {
        var visible = (await Access.GrantsAsync(db, actor, cancel)).Visible;
        var users = await (
            from deployment in ResourceUsers.Of(db, id)
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            orderby deployment.Namespace
            select new { Name = new DeploymentName(deployment.Id, deployment.Namespace), cluster.EnvId }).ToListAsync(cancel);
        var shown = users.Where(user => visible is null || (user.EnvId is { } env && visible.Contains(env))).ToList();
        return ([.. shown.Select(user => user.Name)], users.Count - shown.Count);
    }

    private static IQueryable<DeploymentResource> OfEnv(PlatzDb db, Guid envId, Guid typeId) =>
        from resource in db.Resources.AsNoTracking()
        join deployment in db.Deployments on resource.DeploymentId equals deployment.Id
        join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
        where cluster.EnvId == envId && resource.TypeId == typeId
        select resource;
}
