using CsCheck;
using Platz.Core.Insight;

namespace Platz.Tests.Core.Insight;

public sealed class TimeHistogramTests
{
    // From 10 ms to a month, evenly over the scales.
    private static readonly Gen<TimeSpan> s_times =
        Gen.Double[Math.Log(0.01), Math.Log(30 * 86_400)].Select(l => TimeSpan.FromSeconds(Math.Exp(l)));

    [Fact]
    public void A_percentile_is_off_by_no_more_than_the_bound() =>
        Gen.Select(s_times.List[1, 400], Gen.Double[0, 1]).Sample((times, share) =>
        {
            var histogram = new TimeHistogram();
            times.ForEach(histogram.Add);

            var exact = Exact(times, share);
            var shown = histogram.Percentile(share)!.Value;
            Assert.InRange(shown / exact, 1 / (1 + TimeHistogram.MostError), 1 + TimeHistogram.MostError);
        });

    [Fact]
    public void Histograms_added_up_say_what_one_of_all_would() =>
        Gen.Select(s_times.List[0, 100], s_times.List[1, 100]).Sample((some, others) =>
        {
            var sum = new TimeHistogram();
            var whole = new TimeHistogram();
            foreach (var time in some.Concat(others))
            {
                sum.Add(TimeHistogram.BucketOf(time), 1);
                whole.Add(time);
            }

            Assert.Equal(whole.Percentile(0.5), sum.Percentile(0.5));
            Assert.Equal(some.Count + others.Count, sum.Count);
        });

    [Fact]
    public void Where_nothing_was_there_is_no_percentile() => Assert.Null(new TimeHistogram().Percentile(0.5));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void What_is_under_ten_milliseconds_is_given_as_five(int milliseconds)
    {
        var histogram = new TimeHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(5), histogram.Percentile(0.95));
    }

    [Fact]
    public void Even_the_longest_time_has_its_bucket()
    {
        var histogram = new TimeHistogram();
        histogram.Add(TimeSpan.MaxValue);
        Assert.Equal(1, histogram.Count);
        Assert.NotNull(histogram.Percentile(1));
    }

    /// <summary>The nearest rank, from the times themselves.</summary>
    private static TimeSpan Exact(List<TimeSpan> times, double share)
    {
        var sorted = times.Order().ToList();
        return sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Count)) - 1];
    }
}
