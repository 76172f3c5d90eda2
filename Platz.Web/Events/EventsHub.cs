using Microsoft.AspNetCore.SignalR;

namespace Platz.Web.Events;

/// <summary>
/// <c>/hubs/events</c>, the SignalR twin of <see cref="EventSocket"/>: tells of rows that change, numbered, so that who was
/// disconnected for a while gets what they missed.
/// </summary>
internal sealed class EventsHub(HubSessions sessions, IHubContext<EventsHub, IEventsClient> hub) : Hub<IEventsClient>
{
    /// <summary>First what has come after a position, in the order of its numbers, and then all that comes.</summary>
    /// <param name="after">Null for nothing of before.</param>
    public Task<SubscribeAnswer> Subscribe(IReadOnlyList<Subscription>? to, EventPosition? after) =>
        HubSessions.Of(Context) is { } session
            ? session.SubscribeAsync(to ?? [], after)
            : Task.FromResult(SubscribeAnswer.Refusal(EndReason.TooMany.Message));

    public Task Unsubscribe(IReadOnlyList<Subscription>? from)
    {
        HubSessions.Of(Context)?.Unsubscribe(from ?? []);
        return Task.CompletedTask;
    }

    public override Task OnConnectedAsync()
    {
        sessions.Begin(Context, hub.Clients.Client(Context.ConnectionId));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        sessions.End(Context);
        return Task.CompletedTask;
    }
}

/// <summary>What a client of <see cref="EventsHub"/> hears.</summary>
public interface IEventsClient
{
    Task Changed(NumberedEvent change);

    /// <summary>All up to here has been told: a better place to go on from, for who is told little.</summary>
    Task Reached(EventPosition position);

    /// <summary>Something may have been missed: read again what you show. Another stream begins.</summary>
    Task Reset(EventPosition position);

    /// <summary>The server ends this connection.</summary>
    Task Ending(EndReason reason);
}

/// <param name="Gap">What came after the given position is not kept: read again what you show.</param>
/// <param name="Refused">Why nothing was subscribed to; null when it was.</param>
public sealed record SubscribeAnswer(Guid Stream, long Sequence, bool Gap, string? Refused)
{
    internal static SubscribeAnswer Refusal(string why) => new(Guid.Empty, 0, Gap: false, why);
}

/// <param name="Code">One of those below, for programs.</param>
public sealed record EndReason(string Code, string Message)
{
    internal static readonly EndReason Revoked = new("revoked", "The token or session is not valid any more.");
    internal static readonly EndReason TooSlow = new("too_slow", "Too slow: what is to be told is not kept for long.");
    internal static readonly EndReason TooMany = new("too_many", "Too many connections, or too many requests over this one.");
    internal static readonly EndReason Fault = new("fault", "A fault of ours: try again.");
}
