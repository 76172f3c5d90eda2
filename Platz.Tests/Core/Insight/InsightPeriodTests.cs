using Platz.Core.Insight;

namespace Platz.Tests.Core.Insight;

public sealed class InsightPeriodTests
{
    [Fact]
    public void The_last_day_is_the_readers_today_and_not_that_of_Greenwich()
    {
        var now = At("2026-03-10T23:30:00Z");
        Assert.Equal(new DateOnly(2026, 3, 10), Period("UTC", now).Days[^1]);
        Assert.Equal(new DateOnly(2026, 3, 11), Period("Asia/Kolkata", now).Days[^1]);
        Assert.Equal(At("2026-03-10T18:30:00Z"), Period("Asia/Kolkata", now).StartOf(6));
    }

    [Fact]
    public void The_days_on_which_clocks_change_are_as_long_as_they_are()
    {
        var spring = Period("Europe/Berlin", At("2026-03-29T12:00:00Z"));
        Assert.Equal(TimeSpan.FromHours(23), spring.StartOf(7) - spring.StartOf(6));

        var autumn = Period("Europe/Berlin", At("2026-10-25T12:00:00Z"));
        Assert.Equal(TimeSpan.FromHours(25), autumn.StartOf(7) - autumn.StartOf(6));
    }

    [Fact]
    public void A_day_without_a_midnight_begins_with_its_first_moment()
    {
        // In Beirut clocks go from 23:59:59 to 01:00.
        var period = Period("Asia/Beirut", At("2026-03-29T12:00:00Z"));
        Assert.Equal(At("2026-03-28T22:00:00Z"), period.StartOf(6));
        Assert.Equal(6, period.IndexOf(At("2026-03-28T22:00:00Z")));
        Assert.Equal(5, period.IndexOf(At("2026-03-28T21:59:59Z")));
    }

    [Fact]
    public void A_day_with_two_midnights_begins_with_the_first()
    {
        // In Havana clocks go from 00:59:59 back to 00:00.
        var period = Period("America/Havana", At("2026-11-01T12:00:00Z"));
        Assert.Equal(At("2026-11-01T04:00:00Z"), period.StartOf(6));
        Assert.Equal(TimeSpan.FromHours(25), period.StartOf(7) - period.StartOf(6));
    }

    [Fact]
    public void What_is_before_or_after_the_period_is_in_no_day_of_it()
    {
        var period = Period("UTC", At("2026-03-10T12:00:00Z"));
        Assert.Null(period.IndexOf(At("2026-03-03T23:59:59Z")));
        Assert.Equal(0, period.IndexOf(At("2026-03-04T00:00:00Z")));
        Assert.Equal(6, period.IndexOf(At("2026-03-10T23:59:59Z")));
        Assert.Null(period.IndexOf(At("2026-03-11T00:00:00Z")));
    }

    private static InsightPeriod Period(string zone, DateTimeOffset now) =>
        new(7, TimeZoneInfo.FindSystemTimeZoneById(zone), now);

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
