using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Audit;

/// <summary>
/// Adds events to the audit trail, in the transaction that does what they tell of: both are there afterwards, or
/// neither. Everybody who adds one waits for the one before, so this comes last in a transaction: after every other
/// lock (see <see cref="TaskQueue"/>) and everything slow, and before nothing but the commit.
/// </summary>
public static class AuditLog
{
    // "audit" in ASCII.
    private const long LockKey = 0x6175646974;

    private static readonly byte[] s_beforeTheFirst = new byte[32];

    /// <exception cref="InvalidOperationException">
    /// There is no transaction, or something is not saved yet: it would be saved, and wait for locks, under the lock of
    /// the trail.
    /// </exception>
    public static async Task<AuditEvent> AppendAsync(PlatzDb db, AuditEntry entry, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null || db.ChangeTracker.HasChanges())
        {
            throw new InvalidOperationException("An event is added last in a transaction, once everything is saved.");
        }

        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancel);
        var last = await db.AuditEvents.AsNoTracking().OrderByDescending(e => e.Seq).FirstOrDefaultAsync(cancel);
        var times = await db.Database.SqlQuery<DateTimeOffset>($"SELECT clock_timestamp()").ToListAsync(cancel);
        var happened = Next(last, times[0], entry);
        if (last is not null && last.ChainDay != happened.ChainDay)
        {
            db.Add(new AuditHead { ChainDay = last.ChainDay, Seq = last.Seq, Hash = last.Hash });
        }

        db.Add(happened);
        await db.SaveChangesAsync(cancel);
        return happened;
    }

    /// <summary>In a transaction of its own: for what no other tells of.</summary>
    public static async Task AddAsync(
        IDbContextFactory<PlatzDb> databases, AuditEntry entry, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await AppendAsync(db, entry, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static AuditEvent Next(AuditEvent? last, DateTimeOffset now, AuditEntry entry)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var happened = new AuditEvent
        {
            Seq = (last?.Seq ?? 0) + 1,
            ChainDay = last?.ChainDay > today ? last.ChainDay : today, // a clock may be set back; a day stays closed
            At = now,
            ActorKind = entry.Actor.Kind,
            ActorId = entry.Actor.Id,
            ActorName = AuditText.Clean(entry.Actor.Name),
            Action = entry.Action,
            Outcome = entry.Outcome,
            SubjectKind = entry.Subject.Kind,
            SubjectId = entry.Subject.Id,
            SubjectName = AuditText.Clean(entry.Subject.Name),
            EnvId = entry.EnvId,
            Detail = AuditText.Clean(entry.Detail),
            Ip = entry.Actor.Origin.Address,
            TokenId = entry.Actor.Origin.TokenId,
            Previous = last?.Hash ?? s_beforeTheFirst,
        };
        happened.Hash = AuditCanon.Hash(happened);
        return happened;
    }
}
