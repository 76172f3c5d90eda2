using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>API tokens of users and bots (security.md 2): shown once, found by their keyed hash.</summary>
public sealed class ApiTokens(IDbContextFactory<PlatzDb> databases, TokenPepper pepper, TimeProvider clock)
{
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);

    private static readonly TimeSpan s_lastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <returns>The token itself, which is never stored and never shown again.</returns>
    public async Task<string> CreateAsync(User user, string name, TimeSpan lifetime, CancellationToken cancel)
    {
        var text = TokenText.Create(TokenOwner.User);
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new ApiToken
        {
            UserId = user.Id,
            Name = name,
            Hash = TokenText.Hash(text, await pepper.GetAsync(cancel)),
            Shown = TokenText.Shown(text),
            CreatedByUserId = user.Id,
            ExpiresAt = clock.GetUtcNow() + lifetime,
        });
        await db.SaveChangesAsync(cancel);
        return text;
    }

    /// <summary>
    /// Whose token this is; null for one that is unknown, expired or revoked, or whose owner is gone. What cannot be a
    /// token at all does not reach the database. The look-up goes by a keyed hash, so its timing tells nothing about
    /// the tokens there are.
    /// </summary>
    public async Task<TokenHolder?> FindAsync(string? text, CancellationToken cancel)
    {
        if (!TokenText.TryParse(text, out _))
        {
            return null;
        }

        var hash = TokenText.Hash(text, await pepper.GetAsync(cancel));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var token = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, cancel);
        var now = clock.GetUtcNow();
        if (token is null || token.RevokedAt is not null || token.ExpiresAt <= now
            || await HolderAsync(db, token, cancel) is not { } holder)
        {
            return null;
        }

        if (token.LastUsedAt is null || token.LastUsedAt <= now - s_lastUsedPrecision)
        {
            await db.ApiTokens.Where(t => t.Id == token.Id)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.LastUsedAt, now), cancel);
        }

        return holder;
    }

    private static async Task<TokenHolder?> HolderAsync(PlatzDb db, ApiToken token, CancellationToken cancel)
    {
        if (token.UserId is { } userId)
        {
            var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancel);
            return user.IsActive ? new TokenHolder(new Actor.User(user.Id, user.DisplayName), user.IsAdmin) : null;
        }

        var bot = await db.Bots.AsNoTracking().SingleAsync(b => b.Id == token.BotId, cancel);
        return bot.DeletedAt is null ? new TokenHolder(new Actor.Bot(bot.Id, bot.DisplayName), IsAdmin: false) : null;
    }
}

/// <param name="IsAdmin">A site admin, who may do everything.</param>
public sealed record TokenHolder(Actor Actor, bool IsAdmin);
