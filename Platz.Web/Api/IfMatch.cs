using Microsoft.Net.Http.Headers;

namespace Platz.Web.Api;

/// <summary>The editions that an <c>If-Match</c> header lets change.</summary>
internal sealed class IfMatch
{
    private readonly HashSet<string> _editions;

    private IfMatch(HashSet<string> editions) => _editions = editions;

    public static ApiProblem Failed { get; } = ApiProblem.For(StatusCodes.Status412PreconditionFailed);

    /// <returns>Null where anything may change.</returns>
    public static IfMatch? Of(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }

        // What cannot be read matches nothing, and a weak tag never does.
        var tags = request.GetTypedHeaders().IfMatch;
        return tags.Contains(EntityTagHeaderValue.Any)
            ? null
            : new IfMatch([.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString().Trim('"').Split('.')[0])]);
    }

    public bool Allows(string edition) => _editions.Contains(edition);

    /// <summary>Of what counts its editions: the newest that may change.</summary>
    public int Version => _editions.Select(e => int.TryParse(e, out var version) ? version : -1).DefaultIfEmpty(-1).Max();
}

/// <summary>Where a change cannot be made conditional, whoever asks for that is told, and nothing is changed.</summary>
internal sealed class IfMatchFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return HttpMethods.IsGet(http.Request.Method) || IfMatch.Of(http.Request) is null
            || http.GetEndpoint()?.Metadata.GetMetadata<TakesIfMatch>() is not null
            ? await next(context)
            : ApiProblem.BadRequest("If-Match: Changes of this cannot be made to depend on what one has read.");
    }
}

/// <summary>Marks what answers 412 to a change of what has changed meanwhile.</summary>
internal sealed class TakesIfMatch;
