using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class AuditReadsTests(PostgresServer postgres) : AuditTest(postgres)
{
    private AuditReads Reads => Services.GetRequiredService<AuditReads>();

    [Fact]
    public async Task A_walk_finds_every_event_once_the_newest_first_while_others_are_added()
    {
        for (var n = 0; n < 7; n++)
        {
            await AppendAsync(Entry());
        }

        var seen = new List<long>();
        long? next = null;
        do
        {
            var slice = await Reads.SliceAsync(new AuditFilter(), next, 3, Cancel);
            seen.AddRange(slice.Events.Select(e => e.Seq));
            next = slice.Next;
            await AppendAsync(Entry());
        }
        while (next is not null);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], seen);
        Assert.Equal(3, await Reads.CountNewerAsync(new AuditFilter(), 7, Cancel));
    }

    [Fact]
    public async Task A_filter_keeps_what_fits_in_every_part_of_it()
    {
        var bob = new Actor.User(Guid.NewGuid(), "Bob");
        await AppendAsync(Entry());
        await AppendAsync(Entry() with { Actor = AuditActor.Of(bob), Action = AuditAction.EnvDeleted });
        var third = await AppendAsync(Entry() with { EnvId = null, Outcome = AuditOutcome.Denied, Action = AuditAction.SignOut });

        Assert.Equal([2, 1], await SeqsAsync(new AuditFilter { EnvId = Env.Id }));
        Assert.Equal([2], await SeqsAsync(new AuditFilter { ActorId = bob.Id }));
        Assert.Equal([2], await SeqsAsync(new AuditFilter { Action = AuditAction.EnvDeleted }));
        Assert.Equal([2, 1], await SeqsAsync(new AuditFilter { Action = "Env." }));
        Assert.Equal([3], await SeqsAsync(new AuditFilter { Outcome = AuditOutcome.Denied }));
        Assert.Equal([3], await SeqsAsync(new AuditFilter { From = third.At }));
        Assert.Equal([2, 1], await SeqsAsync(new AuditFilter { To = third.At }));
        Assert.Empty(await SeqsAsync(new AuditFilter { ActorId = bob.Id, Outcome = AuditOutcome.Denied }));
    }

    [Fact]
    public async Task It_is_told_which_subjects_still_exist()
    {
        await AppendAsync(Entry());
        await AppendAsync(Entry() with { Subject = new("env", Guid.NewGuid(), "gone") });
        await AppendAsync(Entry() with { Subject = new("cluster", Cluster.Id, "one") });
        await using var db = await DbAsync();
        await db.Clusters.ExecuteUpdateAsync(set => set.SetProperty(c => c.DeletedAt, DateTimeOffset.UnixEpoch), Cancel);

        var slice = await Reads.SliceAsync(new AuditFilter(), before: null, 10, Cancel);

        Assert.Equal([Env.Id], slice.There);
        Assert.Equal("demo", slice.EnvNames[Env.Id]);
    }

    private async Task<IEnumerable<long>> SeqsAsync(AuditFilter filter) =>
        (await Reads.SliceAsync(filter, before: null, 10, Cancel)).Events.Select(e => e.Seq);
}
