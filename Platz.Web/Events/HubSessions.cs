using Microsoft.AspNetCore.SignalR;
using Platz.Web.SignIn;

namespace Platz.Web.Events;

/// <summary>The connections to <see cref="EventsHub"/> of this process.</summary>
internal sealed class HubSessions(
    EventStream stream, EventSockets sockets, ConnectionRights rights, TimeProvider clock, ILogger<HubSessions> log)
{
    /// <summary>Null for one too many.</summary>
    public static HubSession? Of(HubCallerContext connection) =>
        connection.Items.TryGetValue(typeof(HubSession), out var session) ? session as HubSession : null;

    public void Begin(HubCallerContext connection, IEventsClient client)
    {
        var request = connection.GetHttpContext()!;
        var session = new HubSession(stream, client, ConnectionRights.IdsOf(request.User), clock, log)
        {
            Rights = cancel => rights.ReadAsync(request, cancel),
            Abort = connection.Abort,
        };
        if (!sockets.TryEnter(request.User.Id))
        {
            session.End(EndReason.TooMany);
            return;
        }

        connection.Items[typeof(HubSession)] = session;
        _ = session.RunAsync(); // ends with the connection
    }

    public void End(HubCallerContext connection)
    {
        if (Of(connection) is { } session)
        {
            session.Dispose();
            sockets.Leave(connection.User!.Id);
        }
    }
}
