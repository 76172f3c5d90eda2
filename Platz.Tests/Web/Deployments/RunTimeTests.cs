using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

/// <summary>What people type as a time, in their zone.</summary>
public sealed class RunTimeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("UTC", "2026-03-01T12:30", "2026-03-01T12:30:00Z", null)]
    [InlineData("Europe/Berlin", "2026-03-01T13:30", "2026-03-01T12:30:00Z", "2026-03-01 12:30:00 UTC")]
    [InlineData("Europe/Berlin", "2026-07-01T00:00", "2026-06-30T22:00:00Z", "2026-06-30 22:00:00 UTC")]
    [InlineData("Asia/Kolkata", "2026-03-02T00:00:30", "2026-03-01T18:30:30Z", "2026-03-01 18:30:30 UTC")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25 00:30:00 UTC")]
    public void A_time_is_one_of_the_zone_and_told_in_utc(string zone, string typed, string expected, string? utc)
    {
        var time = In(zone, typed);
        Assert.True(time.Check(s_now), time.Error);
        Assert.Equal((DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), utc), (time.At!.Value, time.Utc));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T02:30", "There is no such time on that day: the clocks go forward.")]
    [InlineData("Europe/Berlin", "2026-03-01T12:59", "This time has passed.")]
    [InlineData("UTC", "2027-03-02T12:00", "This is more than a year ahead.")]
    [InlineData("UTC", "0001-01-01T00:00", "This is no date and time.")]
    [InlineData("Asia/Kolkata", "9999-12-31T23:59", "This is no date and time.")]
    [InlineData("UTC", "tomorrow", "This is no date and time.")]
    [InlineData("UTC", "2026-03-01T13:00Z", "This is no date and time.")]
    public void What_is_no_time_ahead_is_refused(string zone, string typed, string words)
    {
        var time = In(zone, typed);
        Assert.False(time.Check(s_now));
        Assert.Equal((words, null), (time.Error, time.At));
    }

    [Fact]
    public void Nothing_typed_is_at_once()
    {
        var time = In("UTC", "");
        Assert.True(time.Check(s_now));
        Assert.Null(time.At);
    }

    [Fact]
    public void A_time_ahead_is_written_as_the_zone_has_it() =>
        Assert.Equal("2026-03-01T14:00", In("Europe/Berlin", "").Ahead(s_now, TimeSpan.FromHours(1)));

    private static RunTime In(string zone, string typed) =>
        new() { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone), Text = typed };
}
