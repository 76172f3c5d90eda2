using System.Net;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Whose API tokens are (security.md 2): found by their keyed hash. <see cref="TokenEditor"/> makes them.</summary>
public sealed class ApiTokens(IDbContextFactory<PlatzDb> databases, TokenPepper pepper, TimeProvider clock)
{
    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whose token this is; null for one that is unknown, expired, revoked or used from where it must not be, or whose
    /// owner is gone. What cannot be a token at all does not reach the database. The look-up goes by a keyed hash, so
    /// its timing tells nothing about the tokens there are.
    /// </summary>
    /// <param name="from">Who asks; a token that is bound to addresses is refused without one.</param>
    public async Task<TokenHolder?> FindAsync(string? text, IPAddress? from, CancellationToken cancel)
    {
        if (!TokenText.TryParse(text, out _))
        {
            return null;
        }

        var hash = TokenText.Hash(text, await pepper.GetAsync(cancel));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var token = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, cancel);
        var (now, address) = (clock.GetUtcNow(), Origin.Plain(from));
        if (token is null || token.RevokedAt is not null || token.ExpiresAt <= now || !MayComeFrom(token, address)
            || await HolderAsync(db, token, address, cancel) is not { } holder)
        {
            return null;
        }

        if (token.LastUsedAt is null || token.LastUsedAt <= now - s_lastUsedPrecision)
        {
            await db.ApiTokens.Where(t => t.Id == token.Id).ExecuteUpdateAsync(
                t => t.SetProperty(x => x.LastUsedAt, now).SetProperty(x => x.LastUsedIp, address), cancel);
        }

        return holder;
    }

    private static bool MayComeFrom(ApiToken token, IPAddress? address) => token.Cidrs.Length == 0
        || (address is not null && token.Cidrs.Any(cidr => IPNetwork.Parse(cidr).Contains(address)));

    private static async Task<TokenHolder?> HolderAsync(
        PlatzDb db, ApiToken token, IPAddress? address, CancellationToken cancel)
    {
        var (scope, origin) = (TokenScope.Of(token.ScopeEnvIds, token.ScopeRole), new Origin(address, token.Id));
        if (token.UserId is { } userId)
        {
            var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancel);
            var person = new Actor.User(user.Id, user.DisplayName) { Scope = scope, Origin = origin };
            return user.IsActive ? new TokenHolder(person, user.IsAdmin && scope is null) : null;
        }

        var bot = await db.Bots.AsNoTracking().SingleAsync(b => b.Id == token.BotId, cancel);
        return bot.DeletedAt is null
            ? new TokenHolder(
                new Actor.Bot(bot.Id, bot.DisplayName) { Scope = scope, Origin = origin }, IsAdmin: false)
            : null;
    }
}

/// <param name="IsAdmin">A site admin, who may do everything.</param>
public sealed record TokenHolder(Actor Actor, bool IsAdmin);
