using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Catalog;

/// <summary>What the settings of the site list. Nothing here is a secret: a kubeconfig is never read.</summary>
public sealed class SiteLists(IDbContextFactory<PlatzDb> databases)
{
    public const int PageSize = 50;

    public async Task<List<EnvRow>> EnvsAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Envs.AsNoTracking().OrderBy(e => e.Name).Select(e => new EnvRow(
            e,
            db.Clusters.Count(c => c.EnvId == e.Id && c.DeletedAt == null),
            db.Deployments.Count(d => d.DeletedAt == null && db.Clusters.Any(c => c.Id == d.ClusterId && c.EnvId == e.Id)),
            db.EnvPermissions.Count(p => p.EnvId == e.Id))).ToListAsync(cancel);
    }

    /// <param name="envId">Null for those of all envs, and of none.</param>
    public async Task<List<ClusterRow>> ClustersAsync(Guid? envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var clusters = db.Clusters.Where(c => envId == null || c.EnvId == envId).OrderBy(c => c.Name);
        return await Rows(db, clusters).ToListAsync(cancel);
    }

    /// <returns>Null when there is none, or no more.</returns>
    public async Task<ClusterRow?> ClusterAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Rows(db, db.Clusters.Where(c => c.Id == id)).SingleOrDefaultAsync(cancel);
    }

    public async Task<List<RegistryRow>> RegistriesAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (
            from registry in db.Registries.AsNoTracking()
            join kind in db.Kinds on registry.KindId equals kind.Id
            orderby registry.DomainName, registry.RepoName
            select new RegistryRow(
                registry, kind.Name, db.Charts.Count(c => c.HelmRegistryId == registry.Id),
                db.Charts.Count(c => c.HelmRegistryId == registry.Id && c.Error != null))).ToListAsync(cancel);
    }

    /// <summary>Versions of charts, those pushed last first.</summary>
    /// <param name="registryId">Null for all registries.</param>
    /// <param name="number">The page, from 1; a number past the end gives the last one.</param>
    public async Task<ChartPage> ChartsAsync(Guid? registryId, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = db.Charts.AsNoTracking().Where(c => registryId == null || c.HelmRegistryId == registryId);
        var total = await all.CountAsync(cancel);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);
        var rows = await (
            from chart in all.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id)
                .Skip((number - 1) * PageSize).Take(PageSize)
            join registry in db.Registries on chart.HelmRegistryId equals registry.Id
            orderby chart.CreatedAt descending, chart.Id descending
            select new ChartRow(
                chart.Id, chart.ChartName, chart.ImageTag, chart.AppVersion, chart.ImageDigest, chart.CreatedAt)
            {
                Repository = registry.DomainName + "/" + registry.RepoName,
                Available = chart.Available,
                Error = chart.Error,
                UsedBy = db.Deployments.Count(d => d.HelmChartId == chart.Id && d.DeletedAt == null),
            }).ToListAsync(cancel);
        return new ChartPage(rows, total, number, pages);
    }

    private static IQueryable<ClusterRow> Rows(PlatzDb db, IQueryable<Cluster> clusters) =>
        from cluster in clusters
        where cluster.DeletedAt == null
        select new ClusterRow(
            cluster.Id, cluster.Name, cluster.RegionName, cluster.ProviderId, cluster.IsSandbox, cluster.LastSeenAt)
        {
            EnvName = db.Envs.Where(e => e.Id == cluster.EnvId).Select(e => e.Name).FirstOrDefault(),
            Trouble = cluster.IsOk ? null : cluster.NotOkReason ?? "",
            HasIngressCa = cluster.IngressCa != null,
            Deployments = db.Deployments.Count(d => d.ClusterId == cluster.Id && d.DeletedAt == null),
            Settings = new ClusterSettings( // column by column: the kubeconfig stays where it is
                cluster.EnvId, cluster.Ignore, cluster.IngressDomain ?? "", cluster.IngressClass ?? "",
                cluster.IngressTlsSecretName ?? "", cluster.IngressAddress ?? "",
                string.Join(", ", cluster.IngressCidrs), cluster.GrafanaUrl ?? "", cluster.GrafanaDatasourceName ?? ""),
        };
}

public sealed record EnvRow(Env Env, int Clusters, int Deployments, int Members);

/// <summary>A cluster without its kubeconfig.</summary>
/// <param name="ProviderId">What identifies it where it comes from.</param>
public sealed record ClusterRow(
    Guid Id, string Name, string Region, string ProviderId, bool IsSandbox, DateTimeOffset LastSeenAt)
{
    public string? EnvName { get; init; }

    /// <summary>Why it does not answer; null while it does.</summary>
    public string? Trouble { get; init; }

    public bool HasIngressCa { get; init; }

    public int Deployments { get; init; }

    public required ClusterSettings Settings { get; init; }

    /// <summary>Whether a runner's configuration names it, and sets part of it again at each start.</summary>
    public bool IsConfigured => ProviderId.StartsWith("config:", StringComparison.Ordinal);
}

/// <param name="Broken">How many of its charts cannot be picked.</param>
public sealed record RegistryRow(Registry Registry, string Kind, int Charts, int Broken);

public sealed record ChartPage(IReadOnlyList<ChartRow> Items, int Total, int Number, int Pages);

public sealed record ChartRow(
    Guid Id, string Name, string Version, string? AppVersion, string Digest, DateTimeOffset PushedAt)
{
    public required string Repository { get; init; }

    public bool Available { get; init; }

    /// <summary>Why it is BROKEN, with the file and the line.</summary>
    public string? Error { get; init; }

    public int UsedBy { get; init; }
}
