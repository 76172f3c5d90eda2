using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Audit;

/// <summary>
/// Reads the audit trail, newest first and by place in it, so that a long one is read as quickly at its end as at its
/// beginning. Who may read what of it is the caller's to ask.
/// </summary>
public sealed class AuditReads(IDbContextFactory<PlatzDb> databases)
{
    /// <param name="before">Only what is older than this event; null for the newest.</param>
    public async Task<AuditSlice> SliceAsync(AuditFilter filter, long? before, int count, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var matching = Matching(db, filter);
        matching = before is { } seq ? matching.Where(e => e.Seq < seq) : matching;
        var events = await matching.OrderByDescending(e => e.Seq).Take(count + 1).ToListAsync(cancel);
        var next = events.Count > count ? events[count - 1].Seq : (long?)null;
        events = [.. events.Take(count)];
        return new AuditSlice(
            events, next, await ThereAsync(db, events, cancel),
            await db.Envs.ToDictionaryAsync(e => e.Id, e => e.Name, cancel));
    }

    /// <summary>How many there are by now behind one that was the newest.</summary>
    public async Task<int> CountNewerAsync(AuditFilter filter, long than, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Matching(db, filter).CountAsync(e => e.Seq > than, cancel);
    }

    /// <returns>The newest event of all; zero when there is none.</returns>
    public async Task<long> NewestAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.AuditEvents.MaxAsync(e => (long?)e.Seq, cancel) ?? 0;
    }

    /// <summary>The last time that somebody verified the trail; null for never.</summary>
    public async Task<AuditEvent?> LastVerifiedAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Matching(db, new AuditFilter { Action = AuditAction.AuditVerified })
            .OrderByDescending(e => e.Seq).FirstOrDefaultAsync(cancel);
    }

    private static IQueryable<AuditEvent> Matching(PlatzDb db, AuditFilter filter)
    {
        var events = db.AuditEvents.AsNoTracking();
        events = filter.EnvId is { } env ? events.Where(e => e.EnvId == env) : events;
        events = filter.EnvIds is { } envs ? events.Where(e => e.EnvId != null && envs.Contains(e.EnvId.Value)) : events;
        events = filter.ActorId is { } actor ? events.Where(e => e.ActorId == actor) : events;
        events = filter.Outcome is { } outcome ? events.Where(e => e.Outcome == outcome) : events;
        events = filter.From is { } from ? events.Where(e => e.At >= from) : events;
        events = filter.To is { } to ? events.Where(e => e.At < to) : events;
        return filter.Action switch
        {
            null => events,
            [.., '.'] group => events.Where(e => e.Action.StartsWith(group)),
            var action => events.Where(e => e.Action == action),
        };
    }

    /// <summary>Which subjects of these events still exist.</summary>
    private static async Task<IReadOnlySet<Guid>> ThereAsync(
        PlatzDb db, IEnumerable<AuditEvent> events, CancellationToken cancel)
    {
        Guid[] ids = [.. events.Select(e => e.SubjectId).OfType<Guid>().Distinct()];
        var found = db.Users.Where(u => ids.Contains(u.Id)).Select(u => u.Id)
            .Concat(db.Bots.Where(b => ids.Contains(b.Id) && b.DeletedAt == null).Select(b => b.Id))
            .Concat(db.Envs.Where(e => ids.Contains(e.Id)).Select(e => e.Id))
            .Concat(db.Clusters.Where(c => ids.Contains(c.Id) && c.DeletedAt == null).Select(c => c.Id))
            .Concat(db.Registries.Where(r => ids.Contains(r.Id)).Select(r => r.Id))
            .Concat(db.Secrets.Where(s => ids.Contains(s.Id)).Select(s => s.Id));
        return (await found.ToListAsync(cancel)).ToHashSet();
    }
}

/// <summary>Null leaves out nothing.</summary>
public sealed record AuditFilter
{
    public Guid? EnvId { get; init; }

    /// <summary>Those that somebody may read of; what belongs to no env is left out then, too.</summary>
    public IReadOnlyList<Guid>? EnvIds { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>One of <see cref="AuditAction"/>, or the beginning of several up to their dot: <c>Secret.</c></summary>
    public string? Action { get; init; }

    public AuditOutcome? Outcome { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Itself not included.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <param name="Next">What to read on from; null at the end.</param>
/// <param name="There">Subjects that still exist.</param>
/// <param name="EnvNames">Of all envs that there are.</param>
public sealed record AuditSlice(
    IReadOnlyList<AuditEvent> Events, long? Next, IReadOnlySet<Guid> There, IReadOnlyDictionary<Guid, string> EnvNames);
