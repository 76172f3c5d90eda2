using CsCheck;

namespace Platz.Tests.Model;

/// <summary>
/// Every promise, after every step of random programs of whatever may happen (faults.md 5, L0). More of them:
/// <c>CsCheck_Iter=1000000</c>; one that failed again: <c>CsCheck_Seed</c> with what was printed.
/// </summary>
public sealed class ModelTests
{
    private const int Programs = 20_000;

    public static TheoryData<string> Guards => [.. Enum.GetNames<Guard>().Where(g => g != nameof(Guard.None))];

    [Fact]
    public void Every_promise_holds_whatever_happens() =>
        Step.Programs.Sample(steps => Run(steps, Guard.None), iter: Math.Max(Check.Iter, Programs));

    [Theory]
    [MemberData(nameof(Guards))]
    public void Without_one_of_its_guards_it_breaks_a_promise(string guard)
    {
        var missing = Enum.Parse<Guard>(guard);
        var random = new PCG(1);
        for (var i = 0; i < Programs * 5; i++)
        {
            if (Breaks(Step.Programs.Generate(random, null, out _), missing))
            {
                return;
            }
        }

        Assert.Fail($"Nothing broke without {guard}: it is not needed, or the programs never come to where it is.");
    }

    private static bool Breaks(Step[] steps, Guard missing)
    {
        try
        {
            Run(steps, missing);
            return false;
        }
        catch (BrokenPromiseException)
        {
            return true;
        }
    }

    private static void Run(Step[] steps, Guard missing)
    {
        var world = new ModelWorld(missing);
        Array.ForEach(steps, world.Do);
        world.Rest();
    }
}
