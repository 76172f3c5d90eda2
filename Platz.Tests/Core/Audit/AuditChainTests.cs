using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class AuditChainTests(PostgresServer postgres) : AuditTest(postgres)
{
    private AuditChain Chain => new(Services.GetRequiredService<IDbContextFactory<PlatzDb>>());

    [Fact]
    public async Task Events_told_at_once_follow_each_other_without_a_gap()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(1, 200), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel },
            async (n, _) => await AppendAsync(Entry($"env {n}")));

        var verdict = await Chain.VerifyAsync([], Cancel);

        Assert.Equal((200L, null), (verdict.Last!.Seq, verdict.Fault?.Why));
    }

    [Fact]
    public async Task Nothing_told_is_in_order_too() =>
        Assert.Equal(new AuditVerdict(Last: null, Fault: null), await Chain.VerifyAsync([], Cancel));

    [Theory]
    [InlineData("UPDATE audit_events SET actor_name = 'Mallory' WHERE seq = 4", 4, "Event 4 was changed.")]
    [InlineData("UPDATE audit_events SET detail = '{\"n\": 0.5}' WHERE seq = 4", 4, "Event 4 was changed.")]
    [InlineData("UPDATE audit_events SET at = at + interval '1 microsecond' WHERE seq = 4", 4, "Event 4 was changed.")]
    [InlineData("UPDATE audit_events SET hash = sha256('x') WHERE seq = 4", 4, "Event 4 was changed.")]
    [InlineData("UPDATE audit_events SET previous = sha256('x') WHERE seq = 4", 4,
        "Event 4 does not follow event 3: one of them was changed.")]
    [InlineData("DELETE FROM audit_events WHERE seq = 4", 4, "Event 4 is missing.")]
    [InlineData("DELETE FROM audit_events WHERE seq = 1", 1, "Event 1 is missing.")]
    [InlineData("UPDATE audit_events SET seq = seq + 10 WHERE seq = 6", 6, "Event 6 is missing.")]
    public async Task What_was_done_behind_the_triggers_back_is_found(string sql, long seq, string why)
    {
        for (var n = 0; n < 6; n++)
        {
            await AppendAsync(Entry());
        }

        await BehindTheBackAsync(sql);

        Assert.Equal(new AuditFault(seq, why), (await Chain.VerifyAsync([], Cancel)).Fault);
    }

    [Fact]
    public async Task An_event_that_was_changed_together_with_its_hash_is_found_by_the_next()
    {
        AuditEvent[] told = [await AppendAsync(Entry()), await AppendAsync(Entry()), await AppendAsync(Entry())];
        await BehindTheBackAsync("UPDATE audit_events SET actor_name = 'Mallory' WHERE seq = 2");
        await using var db = await DbAsync();
        var forged = AuditCanon.Hash(await db.AuditEvents.AsNoTracking().SingleAsync(e => e.Seq == 2, Cancel));
        await BehindTheBackAsync($"UPDATE audit_events SET hash = '\\x{Convert.ToHexString(forged)}' WHERE seq = 2");

        Assert.Equal(
            new AuditFault(3, "Event 3 does not follow event 2: one of them was changed."),
            (await Chain.VerifyAsync([], Cancel)).Fault);
        Assert.Equal(
            new AuditFault(2, "Event 2 is not what the head of its day says."),
            (await Chain.VerifyAsync([HeadOf(told[1])], Cancel)).Fault);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_found_by_a_head_from_outside()
    {
        await AppendAsync(Entry());
        var last = await AppendAsync(Entry());
        await BehindTheBackAsync("DELETE FROM audit_events WHERE seq = 2");

        Assert.Null((await Chain.VerifyAsync([], Cancel)).Fault);
        var fault = (await Chain.VerifyAsync([HeadOf(last)], Cancel)).Fault!;
        Assert.Equal((2L, $"Event 2 is missing: the head of {last.ChainDay:O} is event 2."), (fault.Seq, fault.Why));
    }

    [Fact]
    public async Task A_day_is_closed_by_the_first_event_of_the_next()
    {
        await AppendAsync(Entry());
        var last = await AppendAsync(Entry());
        await MoveToYesterdayAsync();

        var next = await AppendAsync(Entry());

        await using var db = await DbAsync();
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((last.ChainDay.AddDays(-1), 2L), (head.ChainDay, head.Seq));
        Assert.Equal(next.Previous, head.Hash);
        Assert.Null((await Chain.VerifyAsync([], Cancel)).Fault);

        await BehindTheBackAsync("DELETE FROM audit_heads", "audit_heads");
        Assert.Equal(2, (await Chain.VerifyAsync([], Cancel)).Fault!.Seq);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_opens_no_closed_day()
    {
        var first = await AppendAsync(Entry());
        await MoveAsync(days: 1);

        var next = await AppendAsync(Entry());

        Assert.Equal(first.ChainDay.AddDays(1), next.ChainDay);
        Assert.Null((await Chain.VerifyAsync([], Cancel)).Fault);
    }

    private Task MoveToYesterdayAsync() => MoveAsync(days: -1);

    /// <summary>Everything that is told, as it would be if it had been told on another day.</summary>
    private async Task MoveAsync(int days)
    {
        await BehindTheBackAsync($"""
            UPDATE audit_events SET at = at + interval '{days} day', chain_day = chain_day + {days}
            """);
        await using var db = await DbAsync();
        var previous = new byte[32];
        foreach (var seq in await db.AuditEvents.OrderBy(e => e.Seq).Select(e => e.Seq).ToListAsync(Cancel))
        {
            await BehindTheBackAsync(
                $"UPDATE audit_events SET previous = '\\x{Convert.ToHexString(previous)}' WHERE seq = {seq}");
            previous = AuditCanon.Hash(await db.AuditEvents.AsNoTracking().SingleAsync(e => e.Seq == seq, Cancel));
            await BehindTheBackAsync(
                $"UPDATE audit_events SET hash = '\\x{Convert.ToHexString(previous)}' WHERE seq = {seq}");
        }
    }

    private static AuditHead HeadOf(AuditEvent last) =>
        new() { ChainDay = last.ChainDay, Seq = last.Seq, Hash = last.Hash };
}
