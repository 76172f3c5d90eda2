using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Keeps what a session says of its user in the database; its cookie holds a key to it and nothing else.</summary>
internal sealed class SessionStore(SessionRegister register) : ITicketStore
{
    private const string Known = "platz.known-session";

    /// <summary>More are not remembered: most are over.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, FoundSession> _lastSeen = new();

    /// <summary>
    /// Whoever is on the way in is given a session with a key of its own, never the one they came with: somebody else
    /// may know that. Who they were is kept aside.
    /// </summary>
    public static ClaimsPrincipal? WhoComesBack(HttpContext context) => (context.Items[Known] as KnownSession)?.User;

    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        if (httpContext.Items[Known] is KnownSession old)
        {
            await register.EndAsync(old.Key, "signed in anew", actor: null, cancellationToken);
        }

        var begun = new NewSession(
            ticket.Principal.Id, ticket.Properties.ExpiresUtc!.Value, httpContext.Connection.RemoteIpAddress,
            httpContext.Request.Headers.UserAgent.ToString());
        return await register.AddAsync(begun, id => Sealed(ticket, id), cancellationToken);
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(
        string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not { } found
            || TicketSerializer.Default.Deserialize(found.Ticket) is not { } ticket)
        {
            return null;
        }

        (ticket.Properties.IssuedUtc, ticket.Properties.ExpiresUtc) = (found.EndsAt - Sessions.Idle, found.EndsAt);
        if (!httpContext.Request.Path.StartsWithSegments(SignInEndpoints.Path))
        {
            return ticket;
        }

        httpContext.Items[Known] = new KnownSession(key, ticket.Principal);
        return null;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        register.RenewAsync(key, id => Sealed(ticket, id), ticket.Properties.ExpiresUtc!.Value, cancellationToken);

    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) =>
        register.EndAsync(
            key, "signed out", httpContext.User.Identity is { IsAuthenticated: true } ? httpContext.User.Actor : null,
            cancellationToken);

    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw NotOutside();

    public Task RenewAsync(string key, AuthenticationTicket ticket) => throw NotOutside();

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw NotOutside();

    public Task RemoveAsync(string key) => throw NotOutside();

    /// <summary>
    /// Without the database, as it was seen last: a page can say then that there is none. Nobody can do anything until it
    /// is back, and <see cref="Sessions"/> lets nobody go on for long.
    /// </summary>
    private async Task<FoundSession?> FindAsync(string key, CancellationToken cancel)
    {
        try
        {
            if (await register.FindAsync(key, cancel) is not { } found)
            {
                _lastSeen.TryRemove(key, out _);
                return null;
            }

            if (_lastSeen.Count >= Most)
            {
                _lastSeen.Clear();
            }

            return _lastSeen[key] = found;
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e) && _lastSeen.TryGetValue(key, out var seen))
        {
            return seen;
        }
    }

    private static byte[] Sealed(AuthenticationTicket ticket, Guid id)
    {
        Sessions.Name((ClaimsIdentity)ticket.Principal.Identity!, id);
        return TicketSerializer.Default.Serialize(ticket);
    }

    private static NotSupportedException NotOutside() => new("Sessions are kept within requests.");

    private sealed record KnownSession(string Key, ClaimsPrincipal User);
}
