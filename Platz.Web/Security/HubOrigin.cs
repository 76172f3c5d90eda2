using Platz.Web.Api;

namespace Platz.Web.Security;

/// <summary>
/// Keeps other sites from opening a circuit, or the hub of events, with a visitor's cookie. WebSockets know no same-origin
/// policy, and other ports of the same host share the cookie.
/// </summary>
internal static class HubOrigin
{
    public static void UseHubOriginCheck(this WebApplication app) => app.Use((context, next) =>
    {
        var isHub = context.Request.Path.StartsWithSegments("/hubs");
        if (!(isHub || context.Request.Path.StartsWithSegments("/_blazor")) || IsOwn(context) || (isHub && IsProgram(context)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    /// <summary>Which has a token, and no page of another site has sent it.</summary>
    private static bool IsProgram(HttpContext context) =>
        context.Request.Headers.Origin.Count == 0 && ApiTokenScheme.Brings(context.Request);

    private static bool IsOwn(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count > 0)
        {
            return string.Equals(
                request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        }

        // Browsers leave it out of plain same-origin reads alone; elsewhere its absence is no browser of ours.
        return HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.Count == 0
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }
}
