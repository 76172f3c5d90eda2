using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Deployments;

/// <summary>Reads of deployments for people: lists, and the one behind a URL.</summary>
public sealed class DeploymentList(IDbContextFactory<PlatzDb> databases)
{
    public const int PageSize = 50;

    /// <param name="filter">Part of the name or of the cluster's name; empty for all.</param>
    /// <param name="number">From 1; a number past the end gives the last page.</param>
    public async Task<DeploymentPage> PageAsync(
        Guid envId, Guid kindId, string filter, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var pattern = SqlPattern.Containing(filter);
        var all = from deployment in db.Deployments
                  join cluster in db.Clusters on deployment.ClusterId equals cluster.Id
                  join chart in db.Charts on deployment.HelmChartId equals chart.Id
                  where deployment.KindId == kindId && cluster.EnvId == envId && deployment.DeletedAt == null
                      && (EF.Functions.ILike(deployment.Name, pattern, SqlPattern.Escape)
                          || EF.Functions.ILike(cluster.Name, pattern, SqlPattern.Escape))
                  select new { deployment, cluster, chart };
        var total = await all.CountAsync(cancel);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);
        var items = await all
            .OrderBy(d => d.deployment.Name).ThenBy(d => d.cluster.Name).ThenBy(d => d.deployment.Id)
            .Skip((number - 1) * PageSize).Take(PageSize)
            .Select(d => new DeploymentItem(
                d.deployment.Id, d.deployment.Name, d.deployment.Status, d.deployment.Enabled, d.deployment.Reason,
                d.cluster.Name, d.cluster.IsSandbox, d.chart.ImageTag,
                db.Tasks.Where(t => t.DeploymentId == d.deployment.Id).Max(t => (DateTimeOffset?)t.CreatedAt),
                d.deployment.ReportedStatus))
            .ToListAsync(cancel);
        return new DeploymentPage(items, total, number, pages);
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
            select new PlacedDeployment(deployment, cluster.Name, cluster.IsSandbox, chart.ChartName, chart.ImageTag))
            .ToListAsync(cancel);
        return found.Find(d => d.Deployment.Id == id) is { } exact ? [exact] : found;
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
}

public sealed record DeploymentPage(IReadOnlyList<DeploymentItem> Items, int Total, int Number, int Pages);

/// <summary>One line of a list: no config, which may be large.</summary>
public sealed record DeploymentItem(
    Guid Id,
    string Name,
    DeploymentStatus Status,
    bool Enabled,
    string? Reason,
    string ClusterName,
    bool IsSandbox,
    string ChartVersion,
    DateTimeOffset? LastTaskAt,
    System.Text.Json.Nodes.JsonObject? ReportedStatus);

/// <summary>The names in a deployment's URL, and the ids of what they name.</summary>
public sealed record DeploymentAddress(Guid EnvId, string Env, Guid KindId, string Kind);

public sealed record PlacedDeployment(
    Deployment Deployment, string ClusterName, bool IsSandbox, string ChartName, string ChartVersion);
