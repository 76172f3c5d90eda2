using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Resources;

/// <summary>What runs of a deployment, for people: each object under the one that owns it.</summary>
public sealed class ResourceList(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>So many are looked at; a deployment of more is for other tools.</summary>
    public const int Most = 5_000;

    private const int PageSize = 100;

    private static readonly string[] s_kinds = ["Deployment", "StatefulSet", "ReplicaSet", "Job", "Pod"];

    /// <param name="number">Counted from 1; a page past the end is the last one.</param>
    /// <param name="withOld">Whether ReplicaSets of earlier rollouts count.</param>
    public async Task<ResourcePage> ReadAsync(Guid deploymentId, int number, bool withOld, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = await db.K8sResources.AsNoTracking().Where(r => r.DeploymentId == deploymentId)
            .OrderBy(r => r.Kind).ThenBy(r => r.Name).Take(Most + 1).ToListAsync(cancel);
        var rows = Tree([.. all.Take(Most)]);
        var shown = withOld ? rows : [.. rows.Where(row => !row.IsOld)];
        var pages = Math.Max(1, (shown.Count + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);
        return new ResourcePage([.. shown.Skip((number - 1) * PageSize).Take(PageSize)], number, pages)
        {
            HasMore = all.Count > Most,
            HasOld = rows.Any(row => row.IsOld),
            Trouble = await TroubleAsync(db, deploymentId, cancel),
            Restarts = await RestartsAsync(db, deploymentId, cancel),
        };
    }

    private static List<ResourceRow> Tree(List<K8sResource> all)
    {
        var ids = all.Select(r => r.Id).ToHashSet();
        var children = all.Where(r => r.OwnerId is { } owner && ids.Contains(owner)).ToLookup(r => r.OwnerId!.Value);
        var roots = all.Where(r => r.OwnerId is null || !ids.Contains(r.OwnerId.Value))
            .OrderBy(r => Array.IndexOf(s_kinds, r.Kind)).ThenBy(r => r.Name, StringComparer.Ordinal);
        return [.. roots.SelectMany(root => Under(root, 0, children))];
    }

    /// <summary>The tasks that restart something, until they have ended; the latest of each resource.</summary>
    private static async Task<Dictionary<Guid, QueueState>> RestartsAsync(
        PlatzDb db, Guid deploymentId, CancellationToken cancel)
    {
        var queued = await (
            from item in db.Set<QueuedTask>()
            join task in db.Tasks on item.TaskId equals task.Id
            where item.DeploymentId == deploymentId && item.OpKind == nameof(RestartK8sResource)
            orderby item.CreatedAt descending
            select new { task.Operation, item.State }).ToListAsync(cancel);
        return queued.Where(q => q.Operation is RestartK8sResource)
            .DistinctBy(q => ((RestartK8sResource)q.Operation).ResourceId)
            .ToDictionary(q => ((RestartK8sResource)q.Operation).ResourceId, q => q.State);
    }

    private static Task<ClusterTrouble?> TroubleAsync(PlatzDb db, Guid deploymentId, CancellationToken cancel) => (
        from deployment in db.Deployments
        join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
        where deployment.Id == deploymentId && !cluster.IsOk
        select new ClusterTrouble(cluster.Name, cluster.NotOkReason, cluster.LastSeenAt)).SingleOrDefaultAsync(cancel);

    private static IEnumerable<ResourceRow> Under(K8sResource resource, int depth, ILookup<Guid, K8sResource> children) =>
    [
        new ResourceRow(resource, depth, children.Contains(resource.Id)),
        .. children[resource.Id].OrderByDescending(c => c.CreatedAt).SelectMany(c => Under(c, depth + 1, children)),
    ];
}

public sealed record ResourcePage(IReadOnlyList<ResourceRow> Rows, int Number, int Pages)
{
    /// <summary>Whether there are more than are looked at.</summary>
    public bool HasMore { get; init; }

    /// <summary>Whether there are ReplicaSets of earlier rollouts, shown or not.</summary>
    public bool HasOld { get; init; }

    /// <summary>Why the rows may be old; null while the cluster answers.</summary>
    public ClusterTrouble? Trouble { get; init; }

    /// <summary>By resource: where its restart stands, until it has ended.</summary>
    public IReadOnlyDictionary<Guid, QueueState> Restarts { get; init; } = new Dictionary<Guid, QueueState>();
}

public sealed record ClusterTrouble(string Name, string? Reason, DateTimeOffset LastSeenAt);

/// <param name="Depth">How many owners stand above it.</param>
public sealed record ResourceRow(K8sResource Resource, int Depth, bool HasChildren)
{
    /// <summary>A ReplicaSet of an earlier rollout, kept by Kubernetes for going back.</summary>
    public bool IsOld =>
        !HasChildren && Resource is { Kind: "ReplicaSet", Desired: 0 or null, Ready: 0 or null };

    public bool CanRestart => Resource.Kind is "Deployment" or "StatefulSet" or "Pod";
}
