using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Charts;

/// <summary>
/// Brings what lies in a registry into the database (contract 2.6): new tags, tags pushed again, deleted tags. A pull
/// that fails is tried again the next time; only a chart that was read and is wrong is remembered as broken.
/// </summary>
public sealed partial class ChartDiscovery(
    IDbContextFactory<PlatzDb> databases, RegistrySources sources, TagFormats formats, TimeProvider clock,
    ILogger<ChartDiscovery> log)
{
    /// <summary>Reads all configured registries, one after the other; one that fails holds up no other.</summary>
    public async Task DiscoverAsync(CancellationToken cancel)
    {
        foreach (var name in sources.Names)
        {
            try
            {
                await DiscoverAsync(name, sources.Find(name)!, cancel);
            }
            catch (RegistryException e)
            {
                LogUnread(name, e.Message);
                await NoteErrorAsync(name, e.Message, cancel);
            }
        }

        await formats.ReadTagsAsync(cancel);
    }

    private async Task DiscoverAsync(string source, OciRegistry registry, CancellationToken cancel)
    {
        await MoveAsync(source, registry.Address, cancel);
        foreach (var repository in await registry.ListRepositoriesAsync(cancel))
        {
            var tags = await registry.ListTagsAsync(repository, cancel);
            if (await RegistryAsync(source, registry.Address, repository, tags.Count > 0, cancel) is { } row)
            {
                await DiscoverTagsAsync(row, registry, tags, cancel);
            }
        }
    }

    /// <summary>A source that answers at another address now is still the same source.</summary>
    private async Task MoveAsync(string source, RegistryAddress address, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Registries.Where(r => r.SourceName == source
                && (r.DomainName != address.Host || r.PlainHttp != address.PlainHttp || r.Error != null))
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.DomainName, address.Host).SetProperty(r => r.PlainHttp, address.PlainHttp)
                    .SetProperty(r => r.Error, (string?)null),
                cancel);
    }

    private async Task<Registry?> RegistryAsync(
        string source, RegistryAddress address, string repository, bool hasTags, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.Registries.SingleOrDefaultAsync(
            r => r.DomainName == address.Host && r.RepoName == repository, cancel);
        if (row is not null || !hasTags)
        {
            return row;
        }

        var kindName = KindName.FromRepository(repository);
        var kind = await db.Kinds.SingleOrDefaultAsync(k => k.Name == kindName, cancel);
        if (kind is null)
        {
            kind = new Kind { Name = kindName };
            db.Add(kind);
        }

        row = new Registry
        {
            DomainName = address.Host,
            RepoName = repository,
            KindId = kind.Id,
            SourceName = source,
            PlainHttp = address.PlainHttp,
        };
        db.Add(row);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.SaveChangesAsync(cancel);
        await AuditLog.AppendAsync(
            db, RegistryEditor.Told(AuditAction.RegistryFound, row, AuditActor.System), cancel);
        await transaction.CommitAsync(cancel);
        LogFound(address.Host, repository, kindName);
        return row;
    }

    private async Task DiscoverTagsAsync(
        Registry row, OciRegistry registry, IReadOnlyList<string> tags, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Charts.Where(c => c.HelmRegistryId == row.Id && c.Available)
            .ToDictionaryAsync(c => c.ImageTag, cancel);
        foreach (var gone in known.Values.Where(c => !tags.Contains(c.ImageTag)))
        {
            gone.Available = false;
        }

        await SaveAsync(db, row, isGone: tags.Count == 0 && known.Count > 0, cancel);
        foreach (var tag in tags)
        {
            try
            {
                await DiscoverTagAsync(db, row, registry, tag, known.GetValueOrDefault(tag), cancel);
            }
            catch (RegistryException e)
            {
                LogUnpulled(row.RepoName, tag, e.Message);
            }
        }
    }

    /// <param name="isGone">The last tag that there was has been deleted.</param>
    private static async Task SaveAsync(PlatzDb db, Registry row, bool isGone, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.SaveChangesAsync(cancel);
        if (isGone)
        {
            await AuditLog.AppendAsync(db, RegistryEditor.Told(AuditAction.RegistryGone, row, AuditActor.System), cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private async Task DiscoverTagAsync(
        PlatzDb db, Registry row, OciRegistry registry, string tag, Chart? known, CancellationToken cancel)
    {
        var digest = await registry.GetDigestAsync(row.RepoName, tag, cancel);
        var isKnown = known?.ImageDigest == digest;
        if (isKnown && ChartReader.HasRead(known!))
        {
            return;
        }

        var manifest = await registry.GetManifestAsync(row.RepoName, digest, cancel);
        if (isKnown)
        {
            await ReadAgainAsync(db, row, registry, known!, manifest, cancel);
        }
        else if (manifest.IsChart) // something else lies in the repository too: a signature, an index
        {
            await ReplaceAsync(db, row, registry, tag, manifest, cancel);
            LogChart(row.RepoName, tag);
        }
    }

    /// <summary>What an older version of Platz read of a chart, this one may read better.</summary>
    private async Task ReadAgainAsync(
        PlatzDb db, Registry row, OciRegistry registry, Chart chart, OciManifest manifest, CancellationToken cancel)
    {
        var (archive, error) = await PullAsync(row, registry, manifest, cancel);
        ChartReader.Read(chart, archive, error);
        await db.SaveChangesAsync(cancel);
        LogReadAgain(row.RepoName, chart.ImageTag);
    }

    private async Task ReplaceAsync(
        PlatzDb db, Registry row, OciRegistry registry, string tag, OciManifest manifest, CancellationToken cancel)
    {
        var chart = await db.Charts.SingleOrDefaultAsync(
            c => c.HelmRegistryId == row.Id && c.ImageTag == tag && c.ImageDigest == manifest.Digest, cancel);
        if (chart is null || !ChartReader.HasRead(chart))
        {
            var (archive, error) = await PullAsync(row, registry, manifest, cancel);
            chart ??= db.Add(NewChart(row, tag, manifest, archive)).Entity;
            ChartReader.Read(chart, archive, error);
        }

        // One tag, one available chart: the older goes in the same transaction as the newer comes, and before it.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Charts.Where(c => c.HelmRegistryId == row.Id && c.ImageTag == tag && c.Id != chart.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Available, false), cancel);
        chart.Available = true;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<(ChartArchive? Archive, string? Error)> PullAsync(
        Registry row, OciRegistry registry, OciManifest manifest, CancellationToken cancel)
    {
        try
        {
            return (await registry.PullChartAsync(row.RepoName, manifest, cancel), null);
        }
        catch (BrokenChartException e)
        {
            return (null, e.Message);
        }
    }

    private Chart NewChart(Registry row, string tag, OciManifest manifest, ChartArchive? archive) => new()
    {
        CreatedAt = manifest.CreatedAt ?? clock.GetUtcNow(),
        HelmRegistryId = row.Id,
        ImageDigest = manifest.Digest,
        ImageTag = tag,
        ChartName = archive?.Chart.Name ?? row.RepoName.Split('/')[^1],
        AppVersion = archive?.Chart.AppVersion,
        Description = archive?.Chart.Description,
        ExtensionFiles = Files(archive),
        ParsedVersion = archive?.Chart.Version,
        ParsedBranch = archive?.Chart.GitBranch,
        ParsedCommit = archive?.Chart.GitCommit,
    };

    private static JsonObject Files(ChartArchive? archive)
    {
        ChartFile?[] files = archive is null
            ? []
            : [archive.Extensions.ValuesUi, archive.Extensions.Actions, archive.Extensions.Features,
                archive.Extensions.Resources];
        return new JsonObject(files.OfType<ChartFile>()
            .Select(f => KeyValuePair.Create<string, JsonNode?>(f.Path, JsonValue.Create(f.Text))));
    }

    private async Task NoteErrorAsync(string source, string message, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Registries.Where(r => r.SourceName == source && r.Error != message)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Error, message), cancel);
    }

    [LoggerMessage(LogLevel.Warning, "The registry {Source} could not be read: {Reason}")]
    private partial void LogUnread(string source, string reason);

    [LoggerMessage(LogLevel.Warning, "{Repository}:{Tag} could not be pulled and will be tried again: {Reason}")]
    private partial void LogUnpulled(string repository, string tag, string reason);

    [LoggerMessage(LogLevel.Information, "Found {Registry}/{Repository}, kind {Kind}")]
    private partial void LogFound(string registry, string repository, string kind);

    [LoggerMessage(LogLevel.Information, "Read the chart {Repository}:{Tag} again")]
    private partial void LogReadAgain(string repository, string tag);

    [LoggerMessage(LogLevel.Information, "Found the chart {Repository}:{Tag}")]
    private partial void LogChart(string repository, string tag);
}
