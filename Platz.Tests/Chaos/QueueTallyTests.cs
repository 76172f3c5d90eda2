using Platz.Chaos.Judging;
using Platz.Chaos.Queue;

namespace Platz.Tests.Chaos;

public sealed class QueueTallyTests
{
    [Fact]
    public void Rounds_are_added_up_and_one_that_is_broken_breaks_all()
    {
        var held = new QueueTally(1_000, 600, 130, 40, 12, 9_000, new Verdict([], Excused: 1));
        var broken = held with { Verdict = new Verdict([new Breach(Promise.InOrder, Guid.NewGuid(), "")]) };

        Assert.Equal(
            "Every promise held in 2 rounds: 2,000 kills (1,200 running tasks hit), 260 stops, 80 mass disconnects, 24 crashes of "
            + "PostgreSQL, 18,000 tasks: 0 lost, 0 done twice, 0 overlapping, 0 out of order, 0 stuck, 0 failed, 0 wrongly canceled.",
            (held + held).Headline("in 2 rounds"));
        Assert.StartsWith("A PROMISE WAS BROKEN", (broken + held).Headline(""), StringComparison.Ordinal);
        Assert.Contains("1 out of order", (held + broken).Headline(""), StringComparison.Ordinal);
    }
}
