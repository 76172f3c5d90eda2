using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using Platz.Web.SignIn;

namespace Platz.Web.Security;

/// <summary>
/// How many pages each person has open in this process. A page counts while it is connected; one that has lost its
/// connection is kept for a while, the oldest of all such pages going first, and is not turned away when it comes back.
/// </summary>
internal sealed class OpenPages(IOptions<LimitOptions> limits)
{
    private readonly ConcurrentDictionary<Guid, int> _seats = new();
    private readonly ConcurrentDictionary<Guid, int> _connections = new();

    public int Most => limits.Value.OpenPages;

    /// <summary>Pages above the limit say so, and they are connected as well: as many again, and no more.</summary>
    private int MostConnections => 2 * Most;

    public bool TrySit(Guid user) => TryAdd(_seats, user, Most);

    /// <summary>Beyond the limit too.</summary>
    public void Sit(Guid user) => TryAdd(_seats, user, int.MaxValue);

    public void Rise(Guid user) => Remove(_seats, user);

    public bool TryConnect(Guid user) => TryAdd(_connections, user, MostConnections);

    public void Disconnect(Guid user) => Remove(_connections, user);

    public bool MayConnect(Guid user) => ConnectionsOf(user) < MostConnections;

    public int ConnectionsOf(Guid user) => _connections.GetValueOrDefault(user);

    private static bool TryAdd(ConcurrentDictionary<Guid, int> counts, Guid user, int most)
    {
        if (counts.AddOrUpdate(user, 1, (_, count) => count + 1) <= most)
        {
            return true;
        }

        Remove(counts, user);
        return false;
    }

    private static void Remove(ConcurrentDictionary<Guid, int> counts, Guid user)
    {
        if (counts.AddOrUpdate(user, 0, (_, count) => count - 1) <= 0)
        {
            counts.TryRemove(new KeyValuePair<Guid, int>(user, 0));
        }
    }
}

/// <summary>Whether this page is one of those that its person may have open. One per circuit.</summary>
internal sealed class PageSeat(OpenPages pages, AuthenticationStateProvider session) : CircuitHandler
{
    private Guid? _taken;
    private bool _wasOpen;

    /// <summary>Decided once, before anything is shown.</summary>
    public bool IsRefused { get; private set; }

    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await session.GetAuthenticationStateAsync()).User;
        if (IsRefused || user.Identity is not { IsAuthenticated: true })
        {
            return;
        }

        if (_wasOpen)
        {
            pages.Sit(user.Id);
        }
        else if (!pages.TrySit(user.Id))
        {
            IsRefused = true;
            return;
        }

        (_taken, _wasOpen) = (user.Id, true);
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_taken is { } user)
        {
            _taken = null;
            pages.Rise(user);
        }

        return Task.CompletedTask;
    }
}
