using Platz.Core.Tasks;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class PhaseBarTests
{
    private static readonly DateTimeOffset s_start = SomeTask.Now;

    [Fact]
    public void Bars_lie_where_the_phases_lie_in_the_run()
    {
        var bars = PhaseBar.Of([Phase(0, 10), Phase(10, 20), Phase(20, 100)], s_start);

        Assert.Equal([(0, 100), (100, 100), (200, 800)], bars.Select(bar => (bar.Start, bar.Width)));
        Assert.Equal(TimeSpan.FromSeconds(10), bars[1].After);
        Assert.Equal(TimeSpan.FromSeconds(80), bars[2].Took);
    }

    [Fact]
    public void A_short_phase_can_still_be_seen_and_none_leaves_the_picture()
    {
        var bars = PhaseBar.Of([Phase(0, 0), Phase(0, 10_000), Phase(10_000, 10_000)], s_start);

        Assert.All(bars, bar => Assert.True(bar.Width > 0 && bar.Start >= 0 && bar.Start + bar.Width <= 1000));
    }

    [Fact]
    public void A_running_phase_grows_with_the_clock_and_never_backwards()
    {
        var phase = Phase(5, null);

        Assert.Equal(TimeSpan.FromSeconds(7), PhaseBar.Of([phase], s_start.AddSeconds(12))[0].Took);
        Assert.Equal(TimeSpan.Zero, PhaseBar.Of([phase], s_start)[0].Took);
        Assert.Equal("running", PhaseBar.Of([phase], s_start)[0].Outcome);
    }

    private static DeploymentTaskPhase Phase(int from, int? to) => new()
    {
        TaskId = Guid.Empty,
        Seq = from,
        Phase = "validate",
        Attempt = 1,
        StartedAt = s_start.AddSeconds(from),
        FinishedAt = to is { } end ? s_start.AddSeconds(end) : null,
        Outcome = to is null ? null : PhaseOutcome.Done,
    };
}
