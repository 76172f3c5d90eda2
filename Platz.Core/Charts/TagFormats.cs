using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Core.Charts;

/// <summary>
/// The formats that tags are read by, the newest first. What a chart says of itself counts more, and a format that goes
/// leaves what it has read.
/// </summary>
public sealed class TagFormats(IDbContextFactory<PlatzDb> databases)
{
    private const int ChartsAtOnce = 500;

    public async Task<SettingResult> AddAsync(string pattern, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (TagPattern.Parse(pattern).Error is { } error)
        {
            return new SettingResult.Invalid("pattern", error);
        }

        try
        {
            var format = new TagFormat { Pattern = pattern };
            db.Add(format);
            await db.SaveChangesAsync(cancel);
            await AuditLog.AppendAsync(db, Told(AuditAction.TagFormatAdded, format, actor), cancel);
            await transaction.CommitAsync(cancel);
            return new SettingResult.Saved(format.Id);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation
        })
        {
            return new SettingResult.Conflict("There is a format with this pattern already.");
        }
    }

    public async Task<SettingResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await db.TagFormats.AsNoTracking().SingleOrDefaultAsync(f => f.Id == id, cancel) is not { } format
            || await db.TagFormats.Where(f => f.Id == id).ExecuteDeleteAsync(cancel) == 0)
        {
            return new SettingResult.NotFound();
        }

        await AuditLog.AppendAsync(db, Told(AuditAction.TagFormatDeleted, format, actor), cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>Reads the tags that no format has read yet.</summary>
    /// <returns>How many charts that told something.</returns>
    public async Task<int> ReadTagsAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var formats = await PatternsAsync(db, cancel);
        var unread = await db.Charts.Where(c => c.TagFormatId == null && c.Available)
            .Select(c => new { c.Id, c.ImageTag }).ToListAsync(cancel);
        var read = unread.Select(c => (c.Id, Read: Read(formats, c.ImageTag))).Where(c => c.Read is not null)
            .ToDictionary(c => c.Id, c => c.Read!.Value);
        foreach (var ids in read.Keys.Chunk(ChartsAtOnce))
        {
            foreach (var chart in await db.Charts.Where(c => ids.Contains(c.Id)).ToListAsync(cancel))
            {
                var (format, tag) = read[chart.Id];
                chart.TagFormatId = format;
                chart.ParsedVersion ??= tag.Version;
                chart.ParsedRevision ??= tag.Revision;
                chart.ParsedBranch ??= tag.Branch;
                chart.ParsedCommit ??= tag.Commit;
            }

            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }

        return read.Count;
    }

    private static (Guid Format, ReadTag Tag)? Read(List<(Guid Id, TagPattern Pattern)> formats, string tag)
    {
        foreach (var (id, pattern) in formats)
        {
            if (pattern.Read(tag) is { } read)
            {
                return (id, read);
            }
        }

        return null;
    }

    /// <summary>Without those that cannot be read; they may have come from elsewhere.</summary>
    private static async Task<List<(Guid Id, TagPattern Pattern)>> PatternsAsync(PlatzDb db, CancellationToken cancel)
    {
        var formats = await db.TagFormats.AsNoTracking().OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id)
            .ToListAsync(cancel);
        return [.. from format in formats
                   let pattern = TagPattern.Parse(format.Pattern).Pattern
                   where pattern is not null
                   select (format.Id, pattern)];
    }

    private static AuditEntry Told(string action, TagFormat format, Actor actor) =>
        new(action, AuditActor.Of(actor), new AuditSubject("tag format", format.Id, format.Pattern));

    private static async Task<SettingResult?> RefusalAsync(PlatzDb db, Actor actor, CancellationToken cancel) =>
        await db.AdmitsAsync(actor, Permission.EditSite, cancel)
            ? null
            : new SettingResult.Forbidden(Permission.EditSite);
}
