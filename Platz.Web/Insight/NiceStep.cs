namespace Platz.Web.Insight;

/// <summary>Round distances between the lines of a grid.</summary>
public static class NiceStep
{
    private static readonly int[] s_steps = [1, 2, 5];

    /// <summary>1, 2 or 5 times a power of ten, such that some four lines reach the highest value.</summary>
    public static int Of(double highest)
    {
        var power = 1L;
        while (true)
        {
            foreach (var step in s_steps)
            {
                if (step * power * 4 >= highest || power > 100_000_000)
                {
                    return (int)(step * power);
                }
            }

            power *= 10;
        }
    }
}

/// <param name="Name">In the legend and behind a number: "failed".</param>
/// <param name="Fill">A colour, or a pattern by its address.</param>
public sealed record BarSeries(string Name, string Fill, int[] Values);
