namespace Platz.Web.Security;

/// <summary>
/// From another site one comes here by a link, and in no other way: what it posts, frames or loads is refused before any
/// cookie counts. The API is left alone, for it takes tokens and no cookies.
/// </summary>
internal static class SiteCheck
{
    public static void UseSiteCheck(this WebApplication app) => app.Use((context, next) =>
        IsOfTokens(context.Request.Path) || IsOwn(context.Request) || IsLink(context.Request)
            ? next(context)
            : ErrorHandler.RefuseAsync(
                context, StatusCodes.Status403Forbidden,
                "This was asked for by another site. Follow a link, or open Platz itself."));

    /// <summary>Where nothing is answered by a cookie.</summary>
    public static bool IsOfTokens(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/hubs");

    public static bool IsOwnOrigin(HttpRequest request) => string.Equals(
        request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Browsers leave <c>Sec-Fetch-Site</c> out on plain http. From where a form comes they then say by its origin, which is
    /// "null" for our own pages too, as those let no address be told; the form's token decides.
    /// </summary>
    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" or "none" => true,
        "" => IsRead(request) || request.Headers.Origin.Count == 0 || HasNullOrigin(request) || IsOwnOrigin(request),
        _ => false,
    };

    public static bool HasNullOrigin(HttpRequest request) => request.Headers.Origin == "null";

    /// <summary>In a tab of its own, not in a frame.</summary>
    private static bool IsLink(HttpRequest request) => IsRead(request)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"].ToString() is "document" or "";

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
