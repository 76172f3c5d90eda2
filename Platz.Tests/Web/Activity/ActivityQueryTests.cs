using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class ActivityQueryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 34, 56, TimeSpan.Zero);

    [Theory]
    [InlineData("status=Failed&op=Upgrade&range=today&by=bots&view=deployments")]
    [InlineData("actor=user%3A0199ab12-3456-7abc-8def-0123456789ab&q=out%20of%20%26%20memory")]
    [InlineData("from=2026-11-01&to=2026-11-20")]
    [InlineData("")]
    public void What_is_written_is_what_was_read(string query) =>
        Assert.Equal(query, ActivityQuery.Parse($"?{query}").Write());

    [Fact]
    public void What_cannot_be_read_is_left_out_and_told()
    {
        var query = ActivityQuery.Parse("?status=Odd&status=done&range=never&by=ghosts&page=-3&utm=x");

        Assert.Equal("status=Done", query.Write());
        Assert.Equal("status", Assert.Single(query.Problems).Field);
        Assert.Equal(1, query.Page);
    }

    [Fact]
    public void Values_are_switched_on_and_off_one_by_one_and_the_first_page_is_shown_then()
    {
        var query = ActivityQuery.Parse("status=Done&page=7");
        Assert.Equal(7, query.Page);

        var both = query.Toggle(TaskFilterQuery.Status, "Failed");
        Assert.Equal("status=Done&status=Failed", both.Write());
        Assert.Equal(1, both.Page);
        Assert.Equal("status=Failed", both.Toggle(TaskFilterQuery.Status, "Done").Write());
        Assert.Equal("status=Done&status=Failed&page=2", both.Write(page: 2));
    }

    [Fact]
    public void A_range_takes_the_place_of_other_times_and_they_of_it()
    {
        var between = ActivityQuery.Parse("from=2026-11-01&to=2026-11-20&status=Done");

        var range = between.Set(ActivityQuery.TimeRange, "1h");
        Assert.Equal("status=Done&range=1h", range.Write());
        Assert.Equal("status=Done&from=2026-11-01", range.Set(TaskFilterQuery.From, "2026-11-01").Write());
        Assert.Equal("status=Done&range=1h", ActivityQuery.Parse("from=2026-11-01&status=Done&range=1h").Write());
    }

    [Fact]
    public void Clearing_leaves_how_it_is_shown() =>
        Assert.Equal("view=deployments", ActivityQuery.Parse("status=Done&view=deployments&range=1h").Clear().Write());

    [Fact]
    public void Bots_are_those_there_are_and_none_means_nothing()
    {
        var bot = new ActorRef(ActorKind.Bot, Guid.NewGuid());
        var query = ActivityQuery.Parse("by=bots");

        Assert.Equal([bot], query.At(s_now, TimeZoneInfo.Utc, [bot]).Actors);
        Assert.Equal([new ActorRef(ActorKind.Bot, Guid.Empty)], query.At(s_now, TimeZoneInfo.Utc, []).Actors);
        Assert.Equal(TaskFilter.All, ActivityQuery.Empty.At(s_now, TimeZoneInfo.Utc, []));
    }

    [Theory]
    [InlineData("1h", "UTC", "2026-11-23T11:34:00Z")]
    [InlineData("24h", "UTC", "2026-11-22T12:34:00Z")]
    [InlineData("7d", "UTC", "2026-11-16T12:34:00Z")]
    [InlineData("today", "UTC", "2026-11-23T00:00:00Z")]
    [InlineData("today", "Europe/Berlin", "2026-11-22T23:00:00Z")]
    [InlineData("today", "Pacific/Auckland", "2026-11-23T11:00:00Z")]
    public void A_range_begins_on_a_whole_minute_and_a_day_where_the_reader_is(string range, string zone, string from) =>
        Assert.Equal(DateTimeOffset.Parse(from, null), ActivityQuery.Parse($"range={range}")
            .At(s_now, TimeZoneInfo.FindSystemTimeZoneById(zone), []).CreatedFrom);

    [Fact]
    public void A_day_that_begins_at_one_begins_at_one() => Assert.Equal(
        new DateTimeOffset(2025, 4, 24, 22, 0, 0, TimeSpan.Zero), // Cairo puts its clocks forward at midnight
        TimeRanges.From(TimeRanges.Today, new DateTimeOffset(2025, 4, 25, 9, 0, 0, TimeSpan.Zero),
            TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo")));
}
