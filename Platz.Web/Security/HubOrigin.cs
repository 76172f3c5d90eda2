namespace Platz.Web.Security;

/// <summary>
/// Keeps other sites from opening a circuit with a visitor's cookie. WebSockets know no same-origin policy, and other
/// ports of the same host share the cookie.
/// </summary>
internal static class HubOrigin
{
    public static void UseHubOriginCheck(this WebApplication app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/_blazor") || IsOwn(context))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

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
