using System.Data;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Audit;

/// <summary>
/// Finds what was done to the audit trail by somebody who can write to the database. Who rewrites all of it up to its
/// end is found by heads alone that have left the database before.
/// </summary>
public sealed class AuditChain(IDbContextFactory<PlatzDb> databases)
{
    private const int Slice = 1_000;

    private static readonly byte[] s_beforeTheFirst = new byte[32];

    /// <param name="outside">Heads that were kept elsewhere.</param>
    public async Task<AuditVerdict> VerifyAsync(IReadOnlyCollection<AuditHead> outside, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var inside = await db.AuditHeads.AsNoTracking().ToListAsync(cancel);
        var walk = new Walk(inside.Concat(outside).ToLookup(h => h.Seq));
        while (walk.Fault is null)
        {
            var from = walk.Last?.Seq ?? 0;
            var slice = await db.AuditEvents.AsNoTracking().Where(e => e.Seq > from).OrderBy(e => e.Seq).Take(Slice)
                .ToListAsync(cancel);
            if (slice.Count == 0)
            {
                return walk.End();
            }

            walk.Go(slice);
        }

        return walk.End();
    }

    private sealed class Walk(ILookup<long, AuditHead> heads)
    {
        public AuditEvent? Last { get; private set; }

        public AuditFault? Fault { get; private set; }

        public void Go(IEnumerable<AuditEvent> events)
        {
            foreach (var happened in events)
            {
                Fault = FaultOf(happened);
                if (Fault is not null)
                {
                    return;
                }

                Last = happened;
            }
        }

        public AuditVerdict End()
        {
            var seq = Last?.Seq ?? 0;
            var beyond = heads.Where(h => h.Key > seq).OrderBy(h => h.Key).FirstOrDefault()?.First();
            return new AuditVerdict(Last, Fault ?? (beyond is null ? null : new AuditFault(
                seq + 1, $"Event {seq + 1} is missing: the head of {beyond.ChainDay:O} is event {beyond.Seq}.")));
        }

        private AuditFault? FaultOf(AuditEvent happened)
        {
            var (seq, expected) = (happened.Seq, (Last?.Seq ?? 0) + 1);
            return happened switch
            {
                _ when seq != expected => new(expected, $"Event {expected} is missing."),
                _ when !happened.Previous.AsSpan().SequenceEqual(Last?.Hash ?? s_beforeTheFirst) =>
                    new(seq, $"Event {seq} does not follow event {seq - 1}: one of them was changed."),
                _ when !happened.Hash.AsSpan().SequenceEqual(AuditCanon.Hash(happened)) =>
                    new(seq, $"Event {seq} was changed."),
                _ when heads[seq].Any(h => !IsOf(h, happened)) =>
                    new(seq, $"Event {seq} is not what the head of its day says."),
                _ when Last is not null && Last.ChainDay != happened.ChainDay && !heads.Contains(Last.Seq) =>
                    new(Last.Seq, $"The head of {Last.ChainDay:O}, event {Last.Seq}, is missing."),
                _ => null,
            };
        }

        private static bool IsOf(AuditHead head, AuditEvent happened) =>
            head.ChainDay == happened.ChainDay && head.Hash.AsSpan().SequenceEqual(happened.Hash);
    }
}

/// <param name="Last">The last event that is as it was.</param>
/// <param name="Fault">Null for a chain that is whole.</param>
public sealed record AuditVerdict(AuditEvent? Last, AuditFault? Fault);

public sealed record AuditFault(long Seq, string Why);
