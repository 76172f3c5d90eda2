using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Activity;

/// <summary>What a list of tasks can be filtered by: looked up while somebody types, and named where it is chosen.</summary>
public sealed class FilterChoices(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>So many are offered at once; more letters find the rest.</summary>
    public const int Most = 20;

    /// <summary>Users, bots, and, once something is typed, deployments: they too cause tasks.</summary>
    /// <param name="envs">Those whose people count; null for all.</param>
    public async Task<List<ActorChoice>> ActorsAsync(
        IReadOnlyList<Guid>? envs, string text, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var pattern = SqlPattern.Containing(text);
        var bots = await PeopleSeen.Bots(db, envs).Where(b => EF.Functions.ILike(b.DisplayName, pattern, SqlPattern.Escape))
            .OrderBy(b => b.DisplayName).Take(Most)
            .Select(b => new ActorChoice(new ActorRef(ActorKind.Bot, b.Id), b.DisplayName, null)).ToListAsync(cancel);
        var users = await PeopleSeen.Users(db, envs).Where(u => EF.Functions.ILike(u.DisplayName, pattern, SqlPattern.Escape))
            .OrderBy(u => u.DisplayName).Take(Most)
            .Select(u => new ActorChoice(new ActorRef(ActorKind.User, u.Id), u.DisplayName, null)).ToListAsync(cancel);
        var deployments = text.Length == 0 ? [] : await DeploymentsAsync(db, envs, pattern, Most / 4, cancel);
        return
        [
            .. users, .. bots,
            .. deployments.Select(d => new ActorChoice(new ActorRef(ActorKind.Deployment, d.Id), d.Name, d.Detail)),
        ];
    }

    /// <summary>All bots: what one did is told when it may do nothing any more.</summary>
    public async Task<List<ActorRef>> BotsAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = await db.Bots.OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(cancel);
        return [.. ids.Select(id => new ActorRef(ActorKind.Bot, id))];
    }

    public async Task<List<string>> KindsAsync(string text, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Kinds
            .Where(k => EF.Functions.ILike(k.Name, SqlPattern.Containing(text), SqlPattern.Escape))
            .OrderBy(k => k.Name).Select(k => k.Name).Take(Most).ToListAsync(cancel);
    }

    public async Task<List<NamedChoice>> ClustersAsync(
        IReadOnlyList<Guid>? envs, string text, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (
            from cluster in db.Clusters
            join env in db.Envs on cluster.EnvId equals env.Id
            where (envs == null || envs.Contains(env.Id))
                && EF.Functions.ILike(cluster.Name, SqlPattern.Containing(text), SqlPattern.Escape)
            orderby cluster.Name
            select new NamedChoice(cluster.Id, cluster.Name, env.Name)).Take(Most).ToListAsync(cancel);
    }

    /// <summary>Those that are gone too: their tasks stay.</summary>
    public async Task<List<NamedChoice>> DeploymentsAsync(
        IReadOnlyList<Guid>? envs, string text, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await DeploymentsAsync(db, envs, SqlPattern.Containing(text), Most, cancel);
    }

    /// <summary>Names of what a filter holds as ids; what may not be seen has none.</summary>
    public async Task<FilterNames> NamesAsync(
        TaskFilter filter, IReadOnlyList<Guid>? envs, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        Guid[] Ids(ActorKind kind) => [.. filter.Actors.Where(a => a.Kind == kind).Select(a => a.Id)];
        var (users, bots) = (Ids(ActorKind.User), Ids(ActorKind.Bot));
        Guid[] deployments = [.. filter.DeploymentIds, .. Ids(ActorKind.Deployment)];
        var names = new Dictionary<Guid, string>();
        Add(users.Length == 0 ? [] : await db.Users.Where(u => users.Contains(u.Id))
            .Select(u => new NamedChoice(u.Id, u.DisplayName, "")).ToListAsync(cancel));
        Add(bots.Length == 0 ? [] : await db.Bots.Where(b => bots.Contains(b.Id))
            .Select(b => new NamedChoice(b.Id, b.DisplayName, "")).ToListAsync(cancel));
        Add(deployments.Length == 0 ? [] : await Deployments(db, envs).Where(d => deployments.Contains(d.Deployment.Id))
            .Select(d => new NamedChoice(d.Deployment.Id,
                d.Deployment.Name != "" ? d.Deployment.Name : d.Deployment.Namespace, "")).ToListAsync(cancel));
        Add(filter.ClusterIds.Count == 0 ? [] : await db.Clusters
            .Where(c => filter.ClusterIds.Contains(c.Id)
                && (envs == null || (c.EnvId != null && envs.Contains(c.EnvId.Value))))
            .Select(c => new NamedChoice(c.Id, c.Name, "")).ToListAsync(cancel));
        return new FilterNames(names);

        void Add(List<NamedChoice> found) => found.ForEach(choice => names[choice.Id] = choice.Name);
    }

    private static Task<List<NamedChoice>> DeploymentsAsync(
        PlatzDb db, IReadOnlyList<Guid>? envs, string pattern, int most, CancellationToken cancel) =>
        Deployments(db, envs)
            .Where(d => EF.Functions.ILike(d.Deployment.Name, pattern, SqlPattern.Escape)
                || EF.Functions.ILike(d.Deployment.Namespace, pattern, SqlPattern.Escape))
            .OrderBy(d => d.Deployment.DeletedAt != null).ThenBy(d => d.Deployment.Name).ThenBy(d => d.Env.Name)
            .Take(most)
            .Select(d => new NamedChoice(
                d.Deployment.Id, d.Deployment.Name != "" ? d.Deployment.Name : d.Deployment.Namespace,
                d.Kind.Name + " · " + d.Env.Name + (d.Deployment.DeletedAt != null ? " · deleted" : "")))
            .ToListAsync(cancel);

    private static IQueryable<PlacedDeployment> Deployments(PlatzDb db, IReadOnlyList<Guid>? envs) =>
        from deployment in db.Deployments
        join kind in db.Kinds on deployment.KindId equals kind.Id
        join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
        join env in db.Envs on cluster.EnvId equals env.Id
        where envs == null || envs.Contains(env.Id)
        select new PlacedDeployment { Deployment = deployment, Kind = kind, Env = env };

    private sealed class PlacedDeployment
    {
        public required Deployment Deployment { get; init; }

        public required Kind Kind { get; init; }

        public required Env Env { get; init; }
    }
}

/// <param name="Detail">Tells namesakes apart.</param>
public sealed record NamedChoice(Guid Id, string Name, string Detail);

public sealed record ActorChoice(ActorRef Actor, string Name, string? Detail);

/// <summary>Names by id.</summary>
public sealed record FilterNames(IReadOnlyDictionary<Guid, string> ById)
{
    public static FilterNames None { get; } = new(new Dictionary<Guid, string>());
}
