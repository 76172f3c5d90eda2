using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Api;
using Platz.Web.SignIn;

namespace Platz.Web.Events;

/// <summary>What the identity behind a long connection may see now, whether it came with a token or a session.</summary>
internal sealed class ConnectionRights(IDbContextFactory<PlatzDb> databases, Sessions sessions)
{
    /// <summary>The rows that say who an identity is: its user or bot, and its session or token.</summary>
    public static IReadOnlySet<Guid> IdsOf(ClaimsPrincipal user) =>
        new[] { user.Id, Sessions.IdOf(user), user.Actor.Origin.TokenId }.OfType<Guid>().ToHashSet();

    /// <returns>Null when the token or session is not valid any more.</returns>
    public async Task<Grants?> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        if (!await IsStillValidAsync(context, cancel))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Access.GrantsAsync(db, context.User.Actor, cancel);
    }

    private async Task<bool> IsStillValidAsync(HttpContext context, CancellationToken cancel)
    {
        if (Sessions.IdOf(context.User) is not { } session)
        {
            return await ApiTokenScheme.IsStillValidAsync(context);
        }

        sessions.Forget(session);
        return await sessions.MayGoOnAsync(context.User, cancel);
    }
}
