using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>One-time sign-in links. Only the hash of a link is kept; with 256 random bits it needs no salt.</summary>
public sealed class SignInLinks(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>A link printed when a machine starts is often opened hours later.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const int TokenBytes = 32;

    /// <returns>The token: the link's last segment, never stored and never shown again.</returns>
    public async Task<string> CreateAsync(Guid userId, CancellationToken cancel)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new SignInLink { Hash = Hash(token), UserId = userId, ExpiresAt = clock.GetUtcNow() + Lifetime });
        await db.SaveChangesAsync(cancel);
        return token;
    }

    /// <summary>Of any number of calls with one token, one signs in.</summary>
    public async Task<SignInOutcome> RedeemAsync(string token, CancellationToken cancel)
    {
        var hash = Hash(token);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await (
            from link in db.SignInLinks.AsNoTracking()
            join user in db.Users.AsNoTracking() on link.UserId equals user.Id
            where link.Hash == hash
            select new { link, user }).SingleOrDefaultAsync(cancel);
        var now = clock.GetUtcNow();
        return found switch
        {
            null => new SignInOutcome.Refused(SignInRefusal.Unknown),
            { link.UsedAt: not null } => new SignInOutcome.Refused(SignInRefusal.Used),
            _ when found.link.ExpiresAt <= now => new SignInOutcome.Refused(SignInRefusal.Expired),
            { user.IsActive: false } => new SignInOutcome.Refused(SignInRefusal.Deactivated),
            _ when await UseAsync(db, hash, now, cancel) => new SignInOutcome.SignedIn(found.user),
            _ => new SignInOutcome.Refused(SignInRefusal.Used), // somebody else was faster
        };
    }

    private static async Task<bool> UseAsync(PlatzDb db, byte[] hash, DateTimeOffset now, CancellationToken cancel) =>
        await db.SignInLinks.Where(l => l.Hash == hash && l.UsedAt == null)
            .ExecuteUpdateAsync(link => link.SetProperty(l => l.UsedAt, now), cancel) == 1;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

public enum SignInRefusal
{
    Unknown,
    Used,
    Expired,
    Deactivated,
}

public abstract record SignInOutcome
{
    public sealed record SignedIn(User User) : SignInOutcome;

    public sealed record Refused(SignInRefusal Why) : SignInOutcome;
}
