using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Charts;

/// <summary>What the formats have read, and what one that is being written would read.</summary>
public sealed class TagFormatReads(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>A preview looks at so many charts, those pushed last.</summary>
    public const int ChartsLookedAt = 1_000;

    private const int MostFits = 12;

    private const int MostUnread = 5;

    /// <summary>In the order in which they are tried: the newest first.</summary>
    public async Task<List<TagFormatRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.TagFormats.OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id)
            .Select(f => new TagFormatRow(f.Id, f.Pattern, f.CreatedAt, db.Charts.Count(c => c.TagFormatId == f.Id)))
            .ToListAsync(cancel);
        return [.. rows.Select(row => row with { Error = TagPattern.Parse(row.Pattern).Error })];
    }

    public async Task<TagPreview> PreviewAsync(string pattern, CancellationToken cancel)
    {
        var (parsed, error) = TagPattern.Parse(pattern);
        if (parsed is null)
        {
            return new TagPreview { Error = error };
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var charts = await db.Charts.Where(c => c.Available)
            .OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Take(ChartsLookedAt)
            .Select(c => new { c.ChartName, c.ImageTag, IsRead = c.TagFormatId != null }).ToListAsync(cancel);
        var fits = new List<TagFit>();
        var unread = new List<string>();
        foreach (var chart in charts)
        {
            if (parsed.Read(chart.ImageTag) is { } read)
            {
                fits.Add(new TagFit(chart.ChartName, chart.ImageTag, read, chart.IsRead));
            }
            else if (!chart.IsRead)
            {
                unread.Add(chart.ImageTag);
            }
        }

        return new TagPreview
        {
            Charts = charts.Count,
            Fitting = fits.Count,
            New = fits.Count(fit => !fit.IsRead),
            Fits = [.. fits.OrderBy(fit => fit.IsRead).Take(MostFits)],
            Unread = [.. unread.Distinct(StringComparer.Ordinal).Take(MostUnread)],
        };
    }
}

/// <param name="Charts">How many have a tag that it has read.</param>
public sealed record TagFormatRow(Guid Id, string Pattern, DateTimeOffset CreatedAt, int Charts)
{
    /// <summary>Why it reads nothing; it may have come from elsewhere.</summary>
    public string? Error { get; init; }
}

/// <summary>What a format would read of the tags that are there.</summary>
public sealed record TagPreview
{
    /// <summary>Why it is no format.</summary>
    public string? Error { get; init; }

    /// <summary>How many have been looked at.</summary>
    public int Charts { get; init; }

    /// <summary>How many of their tags it fits.</summary>
    public int Fitting { get; init; }

    /// <summary>How many of those no format has read: it reads these alone.</summary>
    public int New { get; init; }

    /// <summary>The first that it fits, those that are new before the others.</summary>
    public IReadOnlyList<TagFit> Fits { get; init; } = [];

    /// <summary>Some tags that no format has read and that it does not fit.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

/// <param name="IsRead">Whether a format has read the tag before.</param>
public sealed record TagFit(string Chart, string Tag, ReadTag Read, bool IsRead);
