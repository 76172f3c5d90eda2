using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Platz.Core.Data;

namespace Platz.Web.SignIn;

/// <summary>Ends the session of an open page too: a circuit outlives the cookie check it began with.</summary>
internal sealed class LiveSession(ILoggerFactory logs, Sessions sessions)
    : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => Sessions.Recheck;

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.MayGoOnAsync(authenticationState.User, cancellationToken);
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            return true; // without the database nobody can do anything; asked again in half a minute
        }
    }
}
