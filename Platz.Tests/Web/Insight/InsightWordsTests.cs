using Platz.Core.Insight;
using Platz.Core.Tasks;
using Platz.Web.Insight;

namespace Platz.Tests.Web.Insight;

public sealed class InsightWordsTests
{
    [Theory]
    [InlineData(0.004, "< 10 ms")]
    [InlineData(0.123, "123 ms")]
    [InlineData(1.04, "1 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(95, "1.6 min")]
    [InlineData(3_700, "1 h")]
    [InlineData(200_000, "2.3 d")]
    public void Times_are_given_as_exactly_as_they_are_known(double seconds, string words) =>
        Assert.Equal(words, InsightWords.About(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(12, 240, "5 %")]
    [InlineData(0, 240, "0 %")]
    [InlineData(1, 1_000, "< 1 %")]
    [InlineData(999, 1_000, "> 99 %")]
    [InlineData(7, 7, "100 %")]
    [InlineData(0, 0, "–")]
    public void Some_is_never_given_as_none_nor_most_as_all(int part, int whole, string words) =>
        Assert.Equal(words, InsightWords.Percent(part, whole));

    [Fact]
    public void The_failure_rate_says_its_numbers() =>
        Assert.Equal("12 of 240 changes failed: 5 %", InsightWords.FailureReading(12, 240));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(17, 5)]
    [InlineData(36, 10)]
    [InlineData(1_900, 500)]
    public void A_grid_has_some_four_lines_at_round_numbers(double highest, int step) =>
        Assert.Equal(step, NiceStep.Of(highest));

    [Fact]
    public void Each_tenfold_has_the_same_room_on_a_scale_of_times()
    {
        var scale = new LogScale([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40)]);
        Assert.Equal(["1 s", "10 s", "1 min"], scale.Marks.Select(m => m.Word));
        Assert.Equal(0, scale.Percent(TimeSpan.FromSeconds(1)));
        Assert.Equal(100, scale.Percent(TimeSpan.FromMinutes(1)));
        Assert.InRange(scale.Percent(TimeSpan.FromSeconds(10)), 56, 57);
    }

    [Fact]
    public void A_scale_of_nothing_is_a_scale_all_the_same() =>
        Assert.NotEmpty(new LogScale([]).Marks);

    [Fact]
    public void A_bar_lies_where_its_task_ran_and_its_line_where_it_waited()
    {
        var from = new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
        var shape = new TimelineShape(from, from.AddHours(24), TimeZoneInfo.Utc).Of(new TimelineBar(
            Guid.Empty, nameof(Upgrade), DeploymentTaskStatus.Failed, false, from.AddHours(6), from.AddHours(12),
            from.AddHours(18)));
        Assert.Equal(new BarShape(25, 50, 50, 25, "failed", Patterns.Failed), shape);
    }

    [Theory]
    [InlineData(DeploymentTaskStatus.Started, 90, 10)]
    [InlineData(DeploymentTaskStatus.Pending, 100, 0.05)]
    public void What_has_not_ended_reaches_until_now(DeploymentTaskStatus status, double start, double width)
    {
        var from = new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset? started = status is DeploymentTaskStatus.Started ? from.AddHours(21.6) : null;
        var shape = new TimelineShape(from, from.AddHours(24), TimeZoneInfo.Utc).Of(new TimelineBar(
            Guid.Empty, nameof(Upgrade), status, false, from.AddHours(21.6), started, FinishedAt: null));
        Assert.Equal((start, width), (Math.Round(shape.Start, 6), Math.Round(shape.Width, 6)));
        Assert.Equal(status is DeploymentTaskStatus.Started ? 90 : 100, Math.Round(shape.WaitsUntil, 6));
    }

    [Fact]
    public void What_began_before_the_last_day_is_cut_off_at_its_beginning()
    {
        var from = new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
        var shape = new TimelineShape(from, from.AddHours(24), TimeZoneInfo.Utc).Of(new TimelineBar(
            Guid.Empty, nameof(Upgrade), DeploymentTaskStatus.Done, false, from.AddHours(-9), from.AddHours(-8),
            from.AddHours(12)));
        Assert.Equal((0, 50), (shape.Start, shape.Width));
    }

    [Fact]
    public void The_hours_under_a_timeline_are_those_of_the_readers_clock()
    {
        var from = new DateTimeOffset(2026, 3, 9, 12, 15, 0, TimeSpan.Zero);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");
        var marks = new TimelineShape(from, from.AddHours(24), zone).Marks.ToList();
        Assert.Equal(["18:00", "21:00", "00:00"], marks.Take(3).Select(m => m.Word));
        Assert.Equal(0.25 / 24 * 100, marks[0].At, tolerance: 0.0001);
    }
}
