using System.Globalization;
using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class TimeRangesTests
{
    [Theory]
    [InlineData("UTC", "2026-11-28T10:20:30Z", "2026-11-28T00:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-11-28T20:00:00Z", "2026-11-28T18:15:00Z")]
    [InlineData("Atlantic/Azores", "2026-10-25T12:00:00Z", "2026-10-25T00:00:00Z")] // midnight comes twice
    [InlineData("America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z")] // and here not at all
    public void Today_begins_with_the_first_moment_of_the_readers_day(string zone, string now, string begin) =>
        Assert.Equal(At(begin), TimeRanges.From(TimeRanges.Today, At(now), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
