using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
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

    public IResult Answer<TItem>(IReadOnlyList<TItem> items, long total)
    {
        var next = (long)Page * PerPage < total ? (Page + 1).ToString(CultureInfo.InvariantCulture) : null;
        return new ListAnswer<ListPage<TItem>>(new ListPage<TItem>(Page, PerPage, total, items), "page", next);
    }
}

/// <summary>A list, with the address of what follows in its <c>Link</c> header.</summary>
/// <param name="parameter">The one that differs in that address.</param>
/// <param name="next">Null at the end.</param>
internal sealed class ListAnswer<T>(T list, string parameter, string? next) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (next is not null)
        {
            var request = httpContext.Request;
            var query = request.Query.Where(p => p.Key != parameter).Append(new(parameter, next));
            httpContext.Response.Headers.Link =
                $"<{QueryHelpers.AddQueryString($"{request.PathBase}{request.Path}", query)}>; rel=\"next\"";
        }

        return TypedResults.Ok(list).ExecuteAsync(httpContext);
    }
}
