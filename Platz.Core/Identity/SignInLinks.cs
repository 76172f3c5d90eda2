using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
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
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Add(new SignInLink { Hash = Hash(token), UserId = userId, ExpiresAt = clock.GetUtcNow() + Lifetime });
        await db.SaveChangesAsync(cancel);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancel);
        await AuditLog.AppendAsync(
            db, new AuditEntry(AuditAction.LinkCreated, AuditActor.System, SubjectOf(user)), cancel);
        await transaction.CommitAsync(cancel);
        return token;
    }

    /// <summary>Of any number of calls with one token, one signs in.</summary>
    /// <param name="origin">From where, for the audit trail.</param>
    public async Task<SignInOutcome> RedeemAsync(string token, Origin origin, CancellationToken cancel)
    {
        var hash = Hash(token);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var found = await (
            from link in db.SignInLinks.AsNoTracking()
            join user in db.Users.AsNoTracking() on link.UserId equals user.Id
            where link.Hash == hash
            select new { link, user }).SingleOrDefaultAsync(cancel);
        var now = clock.GetUtcNow();
        SignInOutcome outcome = found switch
        {
            null => new SignInOutcome.Refused(SignInRefusal.Unknown),
            { link.UsedAt: not null } => new SignInOutcome.Refused(SignInRefusal.Used),
            _ when found.link.ExpiresAt <= now => new SignInOutcome.Refused(SignInRefusal.Expired),
            { user.IsActive: false } => new SignInOutcome.Refused(SignInRefusal.Deactivated),
            _ when await UseAsync(db, hash, now, cancel) => new SignInOutcome.SignedIn(found.user),
            _ => new SignInOutcome.Refused(SignInRefusal.Used), // somebody else was faster
        };
        if (outcome is SignInOutcome.SignedIn(var entered))
        {
            await db.Users.Where(u => u.Id == entered.Id)
                .ExecuteUpdateAsync(user => user.SetProperty(u => u.LastSignInAt, now), cancel);
        }

        if (found is not null) // what anybody may make up would fill the trail
        {
            await AuditLog.AppendAsync(db, Told(found.user, outcome, origin), cancel);
        }

        await transaction.CommitAsync(cancel);
        return outcome;
    }

    private static AuditEntry Told(User user, SignInOutcome outcome, Origin origin) => outcome switch
    {
        SignInOutcome.Refused(var why) =>
            new AuditEntry(AuditAction.LinkRefused, AuditActor.Anonymous(origin), SubjectOf(user))
            {
                Outcome = AuditOutcome.Denied,
                Detail = new JsonObject { ["why"] = $"{why}" },
            },
        _ => new AuditEntry(
            AuditAction.LinkUsed, AuditActor.Of(new Actor.User(user.Id, user.DisplayName) { Origin = origin }),
            SubjectOf(user)),
    };

    private static AuditSubject SubjectOf(User user) => new("user", user.Id, user.DisplayName);

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
