using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Platz.Web.Api;

/// <summary>
/// The <c>ETag</c> of an answer: a hash of it, behind the edition where there is one. <c>If-Match</c> looks at the edition
/// alone, which only a change by somebody changes: what a runner finds out about a deployment is in nobody's way.
/// </summary>
internal static class Etag
{
    private const int HashBytes = 16;

    public static string Of(object answer, ReadOnlySpan<byte> json) => answer is IEdited { Edition: var edition }
        ? $"\"{edition}.{Hash(json)}\""
        : $"\"{Hash(json)}\"";

    public static string Hash(ReadOnlySpan<byte> json) =>
        Base64Url.EncodeToString(SHA256.HashData(json).AsSpan(0, HashBytes));
}

/// <summary>Something that is edited, and knows when it was.</summary>
internal interface IEdited
{
    /// <summary>Without a full stop.</summary>
    string Edition { get; }
}

/// <summary>Gives single resources an ETag, and nothing more to who has them already.</summary>
internal sealed class EtagFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        return HttpMethods.IsGet(context.HttpContext.Request.Method)
            && result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
                and IValueHttpResult { Value: { } value }
            ? new TaggedAnswer(value)
            : result;
    }

    private sealed class TaggedAnswer(object value) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var options = httpContext.RequestServices.GetRequiredService<IOptions<HttpJson>>().Value;
            var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options.SerializerOptions);
            var tag = new EntityTagHeaderValue(Etag.Of(value, json));
            httpContext.Response.Headers.ETag = tag.ToString();
            if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(
                known => known == EntityTagHeaderValue.Any || known.Compare(tag, useStrongComparison: false)))
            {
                httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            await httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}
