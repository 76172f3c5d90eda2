using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Resources;

/// <summary>What runs of a deployment, for people: each object under the one that owns it.</summary>
public sealed class ResourceList(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>So many are shown; a deployment of more is for other tools.</summary>
    public const int Most = 300;

    private static readonly string[] s_kinds = ["Deployment", "StatefulSet", "ReplicaSet", "Job", "Pod"];

    public async Task<ResourcePage> ReadAsync(Guid deploymentId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = await db.K8sResources.AsNoTracking().Where(r => r.DeploymentId == deploymentId)
            .OrderBy(r => r.Kind).ThenBy(r => r.Name).Take(Most + 1).ToListAsync(cancel);
        var shown = all.Take(Most).ToList();
        var ids = shown.Select(r => r.Id).ToHashSet();
        var children = shown.Where(r => r.OwnerId is { } owner && ids.Contains(owner)).ToLookup(r => r.OwnerId!.Value);
        var roots = shown.Where(r => r.OwnerId is null || !ids.Contains(r.OwnerId.Value))
            .OrderBy(r => Array.IndexOf(s_kinds, r.Kind)).ThenBy(r => r.Name, StringComparer.Ordinal);
        return new ResourcePage([.. roots.SelectMany(root => Under(root, 0, children))], all.Count > Most);
    }

    private static IEnumerable<ResourceRow> Under(K8sResource resource, int depth, ILookup<Guid, K8sResource> children) =>
    [
        new ResourceRow(resource, depth),
        .. children[resource.Id].OrderByDescending(c => c.CreatedAt).SelectMany(c => Under(c, depth + 1, children)),
    ];
}

public sealed record ResourcePage(IReadOnlyList<ResourceRow> Rows, bool HasMore);

/// <param name="Depth">How many owners stand above it.</param>
public sealed record ResourceRow(K8sResource Resource, int Depth)
{
    /// <summary>A ReplicaSet of an earlier rollout, kept by Kubernetes for going back.</summary>
    public bool IsOld => Resource is { Kind: "ReplicaSet", Desired: 0, Ready: 0 };

    public bool CanRestart => Resource.Kind is "Deployment" or "StatefulSet" or "Pod";
}
