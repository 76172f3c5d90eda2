using Microsoft.Extensions.Options;
using Platz.Web.Api;
using Platz.Web.Events;

namespace Platz.Web.Security;

/// <summary>
/// Keeps other sites from opening a circuit, or the hub of events, with a visitor's cookie. WebSockets know no same-origin
/// policy, and other ports of the same host share the cookie. With a token events are told to programs, which come from
/// nowhere, and to the sites that may call.
/// </summary>
internal static class HubOrigin
{
    public static void UseHubOriginCheck(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Cors.Origins;
        app.Use((context, next) => MayConnect(context.Request, origins)
            ? next(context)
            : ErrorHandler.RefuseAsync(context, StatusCodes.Status403Forbidden, "Another site may not connect here."));
    }

    private static bool MayConnect(HttpRequest request, string[] origins) => request.Path switch
    {
        var circuit when circuit.StartsWithSegments("/_blazor") => IsOwn(request),
        var hub when hub.StartsWithSegments("/hubs") =>
            IsOwn(request) || (ApiTokenScheme.Brings(request) && MayHear(request, origins)),
        var socket when socket.StartsWithSegments(EventSocket.Path) =>
            SiteCheck.IsOwnOrigin(request) || MayHear(request, origins),
        _ => true,
    };

    private static bool MayHear(HttpRequest request, string[] origins) =>
        request.Headers.Origin.Count == 0 || origins.Contains(request.Headers.Origin.ToString(), StringComparer.Ordinal);

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0)
        {
            // Where no address may be told, Firefox says goodbye from "null".
            return SiteCheck.IsOwnOrigin(request)
                || (SiteCheck.HasNullOrigin(request) && request.Headers["Sec-Fetch-Site"] == "same-origin");
        }

        // Browsers leave it out of plain same-origin reads alone; elsewhere its absence is no browser of ours.
        return HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.Count == 0
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }
}
