using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Charts;

/// <param name="Branch">Where the chart says that it was built from one.</param>
public sealed record ChartVersion(Guid Id, Guid RegistryId, string? Branch, string Version)
{
    internal bool IsPreRelease => VersionOrder.IsPreRelease(Version);
}

/// <summary>
/// The newest version that can be picked, of each registry and branch. A pre-release is news to those alone who have one.
/// </summary>
public sealed class NewestCharts
{
    private readonly Dictionary<(Guid, string?, bool), ChartVersion> _newest;

    private NewestCharts(IEnumerable<ChartVersion> pickable) => _newest = pickable
        .GroupBy(chart => (chart.RegistryId, chart.Branch, chart.IsPreRelease))
        .ToDictionary(same => same.Key, same => same.MaxBy(chart => chart.Version, VersionOrder.Instance)!);

    public static NewestCharts None { get; } = new([]);

    /// <summary>What <paramref name="installed"/> can be upgraded to; null when there is nothing newer.</summary>
    public ChartVersion? After(ChartVersion installed)
    {
        var release = _newest.GetValueOrDefault((installed.RegistryId, installed.Branch, false));
        var preview = installed.IsPreRelease
            ? _newest.GetValueOrDefault((installed.RegistryId, installed.Branch, true))
            : null;
        var newest = new[] { release, preview }.OfType<ChartVersion>()
            .MaxBy(chart => chart.Version, VersionOrder.Instance);
        return newest is not null && VersionOrder.Instance.Compare(newest.Version, installed.Version) > 0 ? newest : null;
    }

    internal static async Task<NewestCharts> ReadAsync(PlatzDb db, Guid? kindId, CancellationToken cancel) => new(await (
        from chart in db.Charts
        join registry in db.Registries on chart.HelmRegistryId equals registry.Id
        where (kindId == null || registry.KindId == kindId) && chart.Available && chart.Error == null
        select new ChartVersion(chart.Id, chart.HelmRegistryId, chart.ParsedBranch, chart.ImageTag)).ToListAsync(cancel));
}
