using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Platz.Web.Security;

/// <summary>
/// Addresses and headers longer than anybody needs are refused with a word about it. The server's own limits lie above:
/// beyond them it closes the connection and says nothing.
/// </summary>
internal static class HeadLimits
{
    private const int MaxAddress = 8 * 1024;
    private const int MaxHeaders = 16 * 1024; // a sign-in at a provider takes some kilobytes of cookies

    public static void LetIn(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 2 * MaxAddress;
        limits.MaxRequestHeadersTotalSize = 2 * MaxHeaders;
    }

    public static void UseHeadLimits(this WebApplication app) => app.Use((context, next) =>
    {
        var status = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MaxAddress
            ? StatusCodes.Status414UriTooLong
            : context.Request.Headers.Sum(h => h.Key.Length + h.Value.Sum(v => v?.Length ?? 0)) > MaxHeaders
                ? StatusCodes.Status431RequestHeaderFieldsTooLarge
                : 0;
        if (status == 0)
        {
            return next(context);
        }

        context.Response.StatusCode = status; // the words follow, as for every status without them
        return Task.CompletedTask;
    });
}
