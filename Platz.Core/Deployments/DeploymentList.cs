using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Data;

namespace Platz.Core.Deployments;

/// <summary>Reads of deployments for people: lists, and the one behind a URL.</summary>
public sealed class DeploymentList(IDbContextFactory<PlatzDb> databases)
{
    public const int PageSize = 50;

    /// <summary>A page by name, in a number of queries that does not grow with the page.</summary>
    public async Task<DeploymentPage> PageAsync(DeploymentFilter filter, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var all = Matching(db, filter);
        var statuses = await all.GroupBy(d => d.Deployment.Status)
            .Select(same => new StatusCount(same.Key, same.Count())).ToListAsync(cancel);
        var total = statuses.Where(s => filter.Status is null || s.Status == filter.Status).Sum(s => s.Count);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        var number = Math.Clamp(filter.Number, 1, pages);
        var items = await Items(all.Where(d => filter.Status == null || d.Deployment.Status == filter.Status)
            .OrderBy(d => d.Deployment.Name).ThenBy(d => d.Kind.Name).ThenBy(d => d.Cluster.Name)
            .ThenBy(d => d.Deployment.Id).Skip((number - 1) * PageSize).Take(PageSize)).ToListAsync(cancel);
        return new DeploymentPage(await WithTasksAsync(db, items, cancel), total, number, pages)
        {
            Statuses = [.. statuses.OrderBy(s => s.Status)],
        };
    }

    /// <summary>The deployment that a URL means by id or name; a deleted one, whose history stays, by id.</summary>
    /// <returns>Several when clusters of the env have one each of this name.</returns>
    public async Task<List<PlacedDeployment>> FindAsync(
        Guid envId, Guid kindId, string nameOrId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        Guid? id = Guid.TryParse(nameOrId, out var parsed) ? parsed : null;
        var found = await (
            from deployment in db.Deployments.AsNoTracking()
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            join chart in db.Charts on deployment.HelmChartId equals chart.Id
            where cluster.EnvId == envId && deployment.KindId == kindId
                && (deployment.Id == id || (deployment.Name == nameOrId && deployment.DeletedAt == null))
            select new PlacedDeployment(deployment, cluster.Name, cluster.IsSandbox, chart.ChartName, chart.ImageTag)
            {
                Chart = new ChartVersion(chart.Id, chart.HelmRegistryId, chart.ParsedBranch, chart.ImageTag),
                Grafana = cluster.GrafanaUrl == null ? null : new GrafanaPlace(cluster.GrafanaUrl, cluster.GrafanaDatasourceName),
            }).ToListAsync(cancel);
        return found.Find(d => d.Deployment.Id == id) is { } exact ? [exact] : found;
    }

    /// <summary>A deployment as it is now; null when it is deleted.</summary>
    public async Task<Deployment?> OneAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Deployments.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.DeletedAt == null, cancel);
    }

    /// <summary>Where a deployment is, deleted or not; null when it is nowhere.</summary>
    public async Task<DeploymentAddress?> PlaceOfAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (
            from deployment in db.Deployments
            join kind in db.Kinds on deployment.KindId equals kind.Id
            join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
            join env in db.Envs on cluster.EnvId equals env.Id
            where deployment.Id == id
            select new DeploymentAddress(env.Id, env.Name, kind.Id, kind.Name)).SingleOrDefaultAsync(cancel);
    }

    private static IQueryable<Placed> Matching(PlatzDb db, DeploymentFilter filter)
    {
        var pattern = SqlPattern.Containing(filter.Text);
        return from deployment in db.Deployments.AsNoTracking()
               join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
               join chart in db.Charts on deployment.HelmChartId equals chart.Id
               join kind in db.Kinds on deployment.KindId equals kind.Id
               where cluster.EnvId == filter.EnvId && deployment.DeletedAt == null
                   && (filter.KindId == null || deployment.KindId == filter.KindId)
                   && (EF.Functions.ILike(deployment.Name, pattern, SqlPattern.Escape)
                       || EF.Functions.ILike(cluster.Name, pattern, SqlPattern.Escape)
                       || (filter.KindId == null && EF.Functions.ILike(kind.Name, pattern, SqlPattern.Escape)))
               select new Placed { Deployment = deployment, Cluster = cluster, Chart = chart, Kind = kind };
    }

    private static IQueryable<DeploymentItem> Items(IQueryable<Placed> placed) => placed.Select(d => new DeploymentItem(
        d.Deployment.Id, d.Deployment.Name, d.Deployment.Namespace, d.Deployment.Status, d.Deployment.Enabled,
        d.Deployment.Reason)
    {
        Kind = new KindRef(d.Kind.Id, d.Kind.Name),
        Cluster = new ClusterRef(d.Cluster.Name, d.Cluster.IsSandbox, d.Cluster.IsOk ? null : d.Cluster.NotOkReason ?? ""),
        Chart = new ChartVersion(d.Chart.Id, d.Chart.HelmRegistryId, d.Chart.ParsedBranch, d.Chart.ImageTag),
        ReportedStatus = d.Deployment.ReportedStatus,
    });

    private static async Task<List<DeploymentItem>> WithTasksAsync(
        PlatzDb db, List<DeploymentItem> items, CancellationToken cancel)
    {
        var last = await LastTask.OfAsync(db, [.. items.Select(i => i.Id)], cancel);
        var failed = items.Where(i => i.Status is DeploymentStatus.Error).Select(i => i.Id).ToArray();
        var causes = await LastTask.CausesAsync(db, failed, cancel);
        return
        [
            .. items.Select(item => item with
            {
                LastTask = last.GetValueOrDefault(item.Id),
                FailedTaskId = causes.TryGetValue(item.Id, out var cause) ? cause : null,
            }),
        ];
    }

    private sealed record Placed
    {
        public required Deployment Deployment { get; init; }

        public required Cluster Cluster { get; init; }

        public required Chart Chart { get; init; }

        public required Kind Kind { get; init; }
    }
}

/// <summary>The names in a deployment's URL, and the ids of what they name.</summary>
public sealed record DeploymentAddress(Guid EnvId, string Env, Guid KindId, string Kind);

public sealed record PlacedDeployment(
    Deployment Deployment, string ClusterName, bool IsSandbox, string ChartName, string ChartVersion)
{
    public ChartVersion? Chart { get; init; }

    /// <summary>Null where the cluster has none.</summary>
    public GrafanaPlace? Grafana { get; init; }
}

/// <param name="Datasource">The one that has the logs, by name; null for Grafana's own choice.</param>
public sealed record GrafanaPlace(string Url, string? Datasource);
