using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// The sessions of people in browsers (security.md 2): kept here, so that one that ends is over at once, in every process
/// and every open page. The cookie holds a key, this the hash of it.
/// </summary>
public sealed class SessionRegister(
    IDbContextFactory<PlatzDb> databases, Envelope envelope, TimeProvider clock)
{
    private const int KeyBytes = 32;
    private const int LongestUserAgent = 300;

    /// <summary>How exactly it is known when a session was used last; each use in between is no write.</summary>
    private static readonly TimeSpan s_precision = TimeSpan.FromMinutes(1);

    /// <param name="ticket">Makes what is kept with the session of its id.</param>
    /// <returns>The key, which is kept nowhere.</returns>
    public async Task<string> AddAsync(NewSession begun, Func<Guid, byte[]> ticket, CancellationToken cancel)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var (id, now) = (Guid.CreateVersion7(), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new Session
        {
            Id = id,
            KeyHash = Hash(key),
            UserId = begun.UserId,
            Ticket = envelope.Seal(ticket(id), Session.ContextOf(id)),
            LastUsedAt = now,
            EndsAt = begun.EndsAt,
            Ip = Origin.Plain(begun.Address),
            UserAgent = begun.UserAgent?.Length > LongestUserAgent ? begun.UserAgent[..LongestUserAgent] : begun.UserAgent,
            Epoch = await SessionEpoch.GetAsync(db, cancel),
        });
        await db.SaveChangesAsync(cancel);
        return key;
    }

    /// <returns>Null when there is no such session, or it is over.</returns>
    public async Task<FoundSession?> FindAsync(string key, CancellationToken cancel)
    {
        var (hash, now) = (Hash(key), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancel);
        var current = await SessionEpoch.GetAsync(db, cancel);
        if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(
            s => s.KeyHash == hash && s.EndedAt == null && s.EndsAt > now && s.Epoch == current, cancel) is not { } found)
        {
            return null;
        }

        if (found.LastUsedAt < now - s_precision)
        {
            await db.Sessions.Where(s => s.Id == found.Id)
                .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastUsedAt, now), cancel);
        }

        return new FoundSession(found.Id, envelope.Open(found.Ticket, found.Context), found.EndsAt);
    }

    /// <summary>Somebody works in a page that is open.</summary>
    public async Task UseAsync(Guid id, DateTimeOffset endsAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Sessions.Where(s => s.Id == id && s.EndedAt == null && s.EndsAt > now && s.EndsAt <= endsAt)
            .ExecuteUpdateAsync(
                session => session.SetProperty(s => s.LastUsedAt, now).SetProperty(s => s.EndsAt, endsAt), cancel);
    }

    /// <summary>It was used, and ends later.</summary>
    public async Task RenewAsync(string key, Func<Guid, byte[]> ticket, DateTimeOffset endsAt, CancellationToken cancel)
    {
        var hash = Hash(key);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Sessions.SingleOrDefaultAsync(s => s.KeyHash == hash && s.EndedAt == null, cancel) is { } session)
        {
            (session.Ticket, session.EndsAt) = (envelope.Seal(ticket(session.Id), session.Context), endsAt);
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Whether it goes on, and who its user is by now.</summary>
    public async Task<SessionState> StateAsync(Guid id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var current = await SessionEpoch.GetAsync(db, cancel);
        return await (
            from session in db.Sessions
            join user in db.Users on session.UserId equals user.Id
            where session.Id == id
            select new SessionState(
                session.EndedAt == null && session.EndsAt > now && session.Epoch == current && user.IsActive, user.IsAdmin))
            .SingleOrDefaultAsync(cancel) ?? SessionState.Over;
    }

    /// <param name="actor">Who signed out; null where it is over in another way.</param>
    public async Task EndAsync(string key, string why, Actor? actor, CancellationToken cancel)
    {
        var hash = Hash(key);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await EndAsync(db, db.Sessions.Where(s => s.KeyHash == hash), why, cancel) > 0 && actor is not null)
        {
            await AuditLog.AppendAsync(
                db, new AuditEntry(AuditAction.SignOut, AuditActor.Of(actor), new("user", actor.Id, actor.Name)), cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>All of a user, in the caller's transaction, whose last act tells the audit trail.</summary>
    /// <param name="except">One that goes on.</param>
    /// <returns>How many there were.</returns>
    public Task<int> EndAllAsync(PlatzDb db, Guid userId, string why, CancellationToken cancel, Guid? except = null) =>
        EndAsync(db, db.Sessions.Where(s => s.UserId == userId && s.Id != except), why, cancel);

    /// <summary>Every session there is, of everybody; those that a restored dump may bring back, too.</summary>
    public async Task EndEverybodysAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await SessionEpoch.RenewAsync(db, cancel);
        var count = await EndAsync(db, db.Sessions, "everybody was signed out", cancel);
        await AuditLog.AppendAsync(
            db, new AuditEntry(AuditAction.EpochChanged, AuditActor.System, new("sessions", null, "all"))
            {
                Detail = new JsonObject { ["ended"] = count },
            }, cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task<int> EndAsync(PlatzDb db, IQueryable<Session> sessions, string why, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var ids = await sessions.Where(s => s.EndedAt == null && s.EndsAt > now).Select(s => s.Id).ToListAsync(cancel);
        if (ids.Count > 0)
        {
            await db.Sessions.Where(s => ids.Contains(s.Id)).ExecuteUpdateAsync(
                session => session.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBy, why), cancel);
            await Changes.TellAsync(db, "sessions", ChangeOperation.Delete, ids, cancel);
        }

        return ids.Count;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

public sealed record NewSession(Guid UserId, DateTimeOffset EndsAt, IPAddress? Address, string? UserAgent);

/// <param name="EndsAt">Later than the ticket says where an open page has been used since.</param>
public sealed record FoundSession(Guid Id, byte[] Ticket, DateTimeOffset EndsAt);

/// <param name="IsAdmin">Of its user.</param>
public sealed record SessionState(bool GoesOn, bool IsAdmin)
{
    public static SessionState Over { get; } = new(GoesOn: false, IsAdmin: false);
}
