using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;

namespace Platz.Core.Charts;

/// <summary>What a deployment of a kind can be made from.</summary>
public sealed class ChartChoices(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>
    /// The versions in the kind's registries, newest first, each tag once; also the one in use, should it be gone.
    /// </summary>
    public async Task<List<ChartChoice>> OfKindAsync(Guid kindId, Guid? inUse, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var charts = await (
            from chart in db.Charts
            join registry in db.Registries on chart.HelmRegistryId equals registry.Id
            where registry.KindId == kindId && (chart.Available || chart.Error != null || chart.Id == inUse)
            select new ChartChoice(
                chart.Id, chart.ImageTag, chart.CreatedAt, chart.Available, chart.Error,
                registry.DomainName + "/" + registry.RepoName)).ToListAsync(cancel);
        return [.. charts.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Version, VersionOrder.Instance)];
    }

    /// <param name="kindId">Null for the charts of all kinds.</param>
    public async Task<NewestCharts> NewestAsync(Guid? kindId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await NewestCharts.ReadAsync(db, kindId, cancel);
    }

    /// <summary>What a chart says about itself; nothing when there is no such chart.</summary>
    public async Task<ChartSchema> SchemaAsync(Guid chartId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var chart = await db.Charts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == chartId, cancel);
        return chart is null ? ChartSchema.None : ChartSchema.Of(chart);
    }

    /// <summary>How charts call their actions, of charts too that are gone from their registry.</summary>
    public async Task<Dictionary<(Guid ChartId, string ActionId), string>> ActionTitlesAsync(
        IReadOnlyCollection<Guid> chartIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var charts = await db.Charts.AsNoTracking().Where(c => chartIds.Contains(c.Id)).ToListAsync(cancel);
        return charts.SelectMany(chart => ChartSchema.Of(chart).Actions.Select(action => (chart, action)))
            .ToDictionary(pair => (pair.chart.Id, pair.action.Id), pair => pair.action.Title);
    }

    /// <summary>The forms of charts, of those too that are gone from their registry; empty where there is none.</summary>
    public async Task<Dictionary<Guid, ValuesUi>> FormsAsync(
        IReadOnlyCollection<Guid> chartIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var charts = await db.Charts.AsNoTracking().Where(c => chartIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        return chartIds.ToDictionary(id => id, id => charts.TryGetValue(id, out var chart)
            ? ChartSchema.Of(chart).ValuesUi ?? ValuesUi.Empty
            : ValuesUi.Empty);
    }

    public async Task<List<ClusterChoice>> ClustersAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Clusters.Where(c => c.EnvId == envId && c.DeletedAt == null && !c.Ignore)
            .OrderBy(c => c.Name).Select(c => new ClusterChoice(c.Id, c.Name, c.IsSandbox, c.NotOkReason))
            .ToListAsync(cancel);
    }
}

/// <param name="Repository">Where it is kept: host and path.</param>
public sealed record ChartChoice(
    Guid Id, string Version, DateTimeOffset CreatedAt, bool Available, string? Error, string Repository)
{
    /// <summary>Why it cannot be picked; null when it can.</summary>
    public string? Obstacle => (Error, Available) switch
    {
        ({ } error, _) => $"BROKEN: {error}",
        (_, false) => "No longer in its registry",
        _ => null,
    };
}

public sealed record ClusterChoice(Guid Id, string Name, bool IsSandbox, string? NotOkReason);
