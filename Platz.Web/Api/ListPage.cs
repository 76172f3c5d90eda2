using Microsoft.EntityFrameworkCore;

namespace Platz.Web.Api;

/// <summary>The envelope of every list.</summary>
/// <param name="NumTotal">Exact, past the last page too.</param>
internal sealed record ListPage<T>(int Page, int PerPage, long NumTotal, IReadOnlyList<T> Items);

/// <summary>Which page of a list is wanted; pages count from 1.</summary>
internal sealed record Paging(int Page, int PerPage)
{
    public const int Most = 500;

    public int Skip => (Page - 1) * PerPage;

    /// <param name="rows">Ordered.</param>
    public async Task<IResult> ReadAsync<TRow, TItem>(
        IQueryable<TRow> rows, Func<TRow, TItem> toItem, CancellationToken cancel)
    {
        var total = await rows.CountAsync(cancel);
        var items = await rows.Skip(Skip).Take(PerPage).ToListAsync(cancel);
        return Answer([.. items.Select(toItem)], total);
    }

    public IResult Answer<TItem>(IReadOnlyList<TItem> items, long total) =>
        TypedResults.Ok(new ListPage<TItem>(Page, PerPage, total, items));
}
