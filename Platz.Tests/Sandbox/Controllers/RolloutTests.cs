using CsCheck;
using Platz.Sandbox.Controllers;

namespace Platz.Tests.Sandbox.Controllers;

public sealed class RolloutTests
{
    [Fact]
    public void Goes_on_to_the_end_without_ever_falling_below_or_rising_above_its_bounds()
    {
        Gen.Select(Gen.Long[1, 12], Gen.Long[0, 4], Gen.Long[0, 4]).Sample((desired, surge, unavailable) =>
        {
            var rollout = new Rollout(desired, surge, surge + unavailable == 0 ? 1 : unavailable, Recreate: false);
            var (current, old) = (new SetSize(0, 0, 0), new SetSize(desired, desired, desired));
            for (var step = 0; step < 100 && (current.Wanted, old.Wanted) != (desired, 0); step++)
            {
                var grown = rollout.GrowTo(current, [old]);
                var shrunk = rollout.ShrinkTo(current with { Wanted = grown }, [old])[0];
                Assert.True(grown + shrunk <= rollout.MaxTotal);
                Assert.True(current.Available + shrunk >= desired - rollout.MaxUnavailable);
                (current, old) = (new SetSize(grown, grown, grown), new SetSize(shrunk, shrunk, shrunk));
            }

            Assert.Equal((desired, 0), (current.Wanted, old.Wanted));
        });
    }

    [Fact]
    public void Recreate_waits_until_the_old_pods_are_gone()
    {
        var rollout = new Rollout(2, 0, 0, Recreate: true);

        Assert.Equal([0L], rollout.ShrinkTo(new SetSize(0, 0, 0), [new SetSize(2, 2, 2)]));
        Assert.Equal(0, rollout.GrowTo(new SetSize(0, 0, 0), [new SetSize(0, 1, 1)]));
        Assert.Equal(2, rollout.GrowTo(new SetSize(0, 0, 0), [new SetSize(0, 0, 0)]));
    }
}
