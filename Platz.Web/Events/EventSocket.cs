using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Timeouts;
using Platz.Web.Api;
using Platz.Web.Api.OpenApi;
using Platz.Web.Live;
using Platz.Web.SignIn;

namespace Platz.Web.Events;

/// <summary>
/// <c>/api/v2/ws</c>: tells of rows that change, as existing clients expect it (upstream-facts 6.4). The token comes in the
/// sub-protocols <c>platz-auth-bearer, TOKEN</c>, or in a header as everywhere.
/// </summary>
internal static class EventSocket
{
    public const string Path = "/api/v2/ws";

    private const string SubProtocol = "platz-auth-bearer";

    /// <summary>A peer that answers no ping for that long is gone.</summary>
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(30);

    public static void MapEventSocket(this IEndpointRouteBuilder api) =>
        api.MapGet("/ws", OpenAsync).WithMetadata(new DisableRequestTimeoutAttribute())
            .Documents("events", "Events", "A WebSocket that tells of rows that change.")
            .IsOurs();

    /// <summary>The token that is offered as a sub-protocol; null elsewhere.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        if (request.Path != Path)
        {
            return null;
        }

        var offered = request.Headers.SecWebSocketProtocol.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return offered is [SubProtocol, var token, ..] ? token : null;
    }

    private static async Task<IResult> OpenAsync(
        HttpContext context, EventSockets sockets, IHostApplicationLifetime host, CancellationToken cancel)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            return new ApiProblem(StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket.");
        }

        var identity = context.User.Id;
        if (!sockets.TryEnter(identity))
        {
            return new ApiProblem(
                StatusCodes.Status429TooManyRequests, $"At most {EventSockets.Most} connections at once for one identity.");
        }

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = TokenOf(context.Request) is null ? null : SubProtocol,
                KeepAliveInterval = s_ping,
                KeepAliveTimeout = s_ping,
            });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, host.ApplicationStopping);
            await using var session = sockets.Begin(socket, context);
            await session.RunAsync(stop.Token);
        }
        finally
        {
            sockets.Leave(identity);
        }

        return Results.Empty;
    }
}

/// <summary>The connections of this process.</summary>
internal sealed class EventSockets(
    ChangeFeed changes, ConnectionRights rights, TimeProvider clock, ILogger<EventSockets> log)
{
    /// <summary>Of one identity.</summary>
    public const int Most = 20;

    private readonly ConcurrentDictionary<Guid, int> _open = new();

    public bool TryEnter(Guid identity)
    {
        if (_open.AddOrUpdate(identity, 1, (_, count) => count + 1) <= Most)
        {
            return true;
        }

        Leave(identity);
        return false;
    }

    public void Leave(Guid identity)
    {
        if (_open.AddOrUpdate(identity, 0, (_, count) => count - 1) <= 0)
        {
            _open.TryRemove(new KeyValuePair<Guid, int>(identity, 0));
        }
    }

    public EventSession Begin(System.Net.WebSockets.WebSocket socket, HttpContext context) =>
        new(socket, changes, ConnectionRights.IdsOf(context.User), clock, log)
        {
            Rights = cancel => rights.ReadAsync(context, cancel),
        };
}
