using Platz.Chaos.Judging;
using Platz.Chaos.Ledgers;
using Platz.Chaos.Schedules;

namespace Platz.Tests.Chaos;

public sealed class LedgerTests
{
    [Fact]
    public void A_line_is_read_as_it_was_written_and_a_torn_one_is_no_line()
    {
        var line = new LedgerLine(
            Act.Made, TimeProvider.System.GetUtcNow(), Guid.NewGuid(), Guid.NewGuid(), 7, TimeSpan.FromSeconds(2));
        Assert.Equal(line, LedgerLine.Read($"{line}".TrimEnd('\n')));
        Assert.Null(LedgerLine.Read($"{line}"[..40]));
    }

    [Fact]
    public void A_run_that_its_process_did_not_survive_ends_with_it()
    {
        var (task, start) = (Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        LedgerLine[] lines = [new(Act.Begun, start, task), new(Act.StoodStill, start.AddSeconds(3), Lasted: TimeSpan.FromSeconds(2))];
        var killed = Assert.Single(Run.Of(new RunnerLife("a", start.AddSeconds(9), []), lines));
        Assert.Equal((start.AddSeconds(9), true), (killed.End, killed.Killed));
        Assert.Equal([new Standstill(start.AddSeconds(1), start.AddSeconds(3))], killed.Standstills);

        lines = [.. lines, new(Act.Ended, start.AddSeconds(4), task)];
        var ended = Assert.Single(Run.Of(new RunnerLife("a", start.AddSeconds(9), []), lines));
        Assert.Equal((start.AddSeconds(4), false, true), (ended.End, ended.Killed, ended.Ended));
    }

    [Fact]
    public void The_schedule_follows_from_the_seed_alone()
    {
        var plan = new FaultPlan(42, Kills: 200, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));
        var schedule = plan.Draw();
        Assert.Equal(schedule, plan.Draw());
        Assert.NotEqual(FaultPlan.Digest(schedule), FaultPlan.Digest((plan with { Seed = 43 }).Draw()));

        Assert.Equal(200, schedule.Count(f => f.Kind is FaultKind.Kill));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Contains(schedule, f => f.Kind == kind));
        Assert.All(schedule, f => Assert.InRange(f.At, TimeSpan.Zero, plan.Lasts));
        Assert.All(
            schedule.Where(f => f.Kind is FaultKind.Resize),
            f => Assert.InRange(f.Place, FaultPlan.FewestRunners, plan.Runners));
    }
}
