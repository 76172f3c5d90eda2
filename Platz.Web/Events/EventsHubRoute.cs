using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Events;

/// <summary>Where <see cref="EventsHub"/> is, and for whom: for who has a token, or a session in the browser.</summary>
internal static class EventsHubRoute
{
    public const string Path = "/hubs/events";

    private const string TokenOrSession = "token-or-session";
    private const int MaxMessageBytes = 32 * 1024;

    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionRights>();
        services.AddSingleton<EventSockets>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<HubSessions>();
        services.AddAuthentication().AddPolicyScheme(TokenOrSession, displayName: null, either =>
        {
            either.ForwardDefaultSelector = context =>
                ApiTokenScheme.Brings(context.Request) ? ApiTokenScheme.Name : SessionCookie.Scheme;
            either.ForwardChallenge = either.ForwardForbid = ApiTokenScheme.Name;
        });
        services.AddAuthorizationBuilder().AddPolicy(TokenOrSession, policy =>
            policy.AddAuthenticationSchemes(TokenOrSession).RequireAuthenticatedUser());
        services.AddSignalR()
            .AddJsonProtocol(json => json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
            .AddHubOptions<EventsHub>(hub =>
            {
                hub.MaximumReceiveMessageSize = MaxMessageBytes;
                hub.DisableImplicitFromServicesParameters = true;
            });
    }

    public static void MapEventsHub(this IEndpointRouteBuilder routes) =>
        routes.MapHub<EventsHub>(Path, connections => connections.Transports = HttpTransportType.WebSockets)
            .RequireAuthorization(TokenOrSession);

    /// <summary>Browsers cannot send headers when they open a WebSocket.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Path.StartsWithSegments(Path) && request.Query["access_token"] is [{ Length: > 0 } token] ? token : null;
}
