using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Platz.Core.Data;
using Platz.Web.Live;

namespace Platz.Web.SignIn;

/// <summary>
/// Ends the session of an open page too: a circuit outlives the cookie check it began with. At once where the change is
/// told, in half a minute where it is not.
/// </summary>
internal sealed class LiveSession(ILoggerFactory logs, Sessions sessions, ChangeFeed changes)
    : RevalidatingServerAuthenticationStateProvider(logs), IHostEnvironmentAuthenticationStateProvider
{
    private static readonly AuthenticationState s_nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private IDisposable? _subscription;
    private Guid? _owner;

    protected override TimeSpan RevalidationInterval => Sessions.Recheck;

    /// <summary>Whether what the page asks for may be done.</summary>
    public async Task<bool> GoesOnAsync(CancellationToken cancel)
    {
        var state = await GetAuthenticationStateAsync();
        Follow(state.User);
        return await MayGoOnAsync(state.User, cancel);
    }

    /// <summary>
    /// Called with who connects, the first time and again: whoever knows the id of somebody else's circuit finds it
    /// signed out.
    /// </summary>
    void IHostEnvironmentAuthenticationStateProvider.SetAuthenticationState(Task<AuthenticationState> authenticationStateTask) =>
        SetAuthenticationState(AdmitAsync(authenticationStateTask));

    private async Task<AuthenticationState> AdmitAsync(Task<AuthenticationState> connecting)
    {
        var state = await connecting;
        if (state.User.Identity is not { IsAuthenticated: true })
        {
            return state;
        }

        _owner ??= state.User.Id;
        return _owner == state.User.Id ? state : s_nobody;
    }

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        MayGoOnAsync(authenticationState.User, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> MayGoOnAsync(ClaimsPrincipal user, CancellationToken cancel)
    {
        try
        {
            return await sessions.MayGoOnAsync(user, cancel);
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            return true; // without the database nobody can do anything; asked again in half a minute
        }
    }

    private void Follow(ClaimsPrincipal user)
    {
        if (_subscription is not null || Sessions.IdOf(user) is not { } session)
        {
            return;
        }

        _subscription = changes.Subscribe(new Topic.Session(session, user.Id), AskAgainAsync);

        async Task AskAgainAsync()
        {
            sessions.Forget(session);
            if (!await MayGoOnAsync(user, CancellationToken.None))
            {
                SetAuthenticationState(Task.FromResult(s_nobody));
            }
        }
    }
}
