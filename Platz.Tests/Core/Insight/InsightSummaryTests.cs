using Platz.Core.Insight;
using Platz.Core.Tasks;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Insight;

public sealed class InsightSummaryTests
{
    private static readonly InsightPeriod s_utc =
        new(7, TimeZoneInfo.Utc, Ended.At("2026-03-10T12:00:00Z"));

    [Fact]
    public void Tasks_count_on_the_day_of_their_end_by_how_they_ended()
    {
        var summary = Ended.Summary(
            s_utc,
            Ended.Task("2026-03-09T23:59:59.999Z"),
            Ended.Task("2026-03-10T00:00:00Z", Failed),
            Ended.Task("2026-03-10T00:00:00.001Z", Canceled, ran: null),
            Ended.Task("2026-03-10T11:00:00Z"));

        Assert.Equal((1, 0, 0), Outcomes(summary.Days[5]));
        Assert.Equal((1, 1, 1), Outcomes(summary.Days[6]));
        Assert.Equal(4, summary.Tasks);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T22:45:00Z", 5)]
    [InlineData("Europe/Berlin", "2026-03-28T23:00:00Z", 6)]
    [InlineData("Europe/Berlin", "2026-03-29T21:45:00Z", 6)]
    [InlineData("Asia/Kolkata", "2026-03-28T18:15:00Z", 5)]
    [InlineData("Asia/Kolkata", "2026-03-28T18:30:00Z", 6)]
    [InlineData("Asia/Kathmandu", "2026-03-28T18:00:00Z", 5)]
    [InlineData("Asia/Kathmandu", "2026-03-28T18:15:00Z", 6)]
    [InlineData("America/Los_Angeles", "2026-03-29T06:59:59Z", 5)]
    [InlineData("America/Los_Angeles", "2026-03-29T07:00:00Z", 6)]
    public void The_day_is_that_of_the_readers_zone(string zone, string end, int day)
    {
        var period = new InsightPeriod(7, TimeZoneInfo.FindSystemTimeZoneById(zone), Ended.At("2026-03-29T12:00:00Z"));
        var summary = Ended.Summary(period, Ended.Task(end));
        Assert.Equal(day, summary.Days.ToList().FindIndex(d => d.Tasks == 1));
    }

    [Fact]
    public void What_ended_before_the_readers_first_day_is_left_out()
    {
        var period = new InsightPeriod(
            7, TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"), Ended.At("2026-03-10T12:00:00Z"));
        var summary = Ended.Summary(
            period, Ended.Task("2026-03-03T18:14:59Z", Failed), Ended.Task("2026-03-03T18:15:00Z"));
        Assert.Equal((1, 0), (summary.Tasks, summary.FailedChanges));
    }

    [Fact]
    public void Changes_are_what_people_and_bots_asked_for_and_what_came_to_its_own_end()
    {
        var summary = Ended.Summary(
            s_utc,
            Ended.Task("2026-03-10T01:00:00Z", Failed),
            Ended.Task("2026-03-10T02:00:00Z", Failed), // the retry
            Ended.Task("2026-03-10T03:00:00Z"),
            Ended.Task("2026-03-10T04:00:00Z", kind: nameof(Install)),
            Ended.Task("2026-03-10T05:00:00Z", kind: nameof(Recreate)),
            Ended.Task("2026-03-10T06:00:00Z", kind: nameof(Reinstall)),
            Ended.Task("2026-03-10T06:30:00Z", Failed, nameof(Reinstall), byDeployment: true),
            Ended.Task("2026-03-10T07:00:00Z", Canceled),
            Ended.Task("2026-03-10T08:00:00Z", Failed, nameof(Uninstall)),
            Ended.Task("2026-03-10T09:00:00Z", Failed, nameof(InvokeAction)),
            Ended.Task("2026-03-10T10:00:00Z", Failed, nameof(RestartK8sResource)));

        Assert.Equal((6, 2), (summary.Changes, summary.FailedChanges));
        Assert.Equal(11, summary.Tasks);
    }

    [Fact]
    public void Only_what_was_done_says_how_long_its_operation_takes()
    {
        var summary = Ended.Summary(
            s_utc,
            Ended.Task("2026-03-10T01:00:00Z", ran: 10),
            Ended.Task("2026-03-10T02:00:00Z", Failed, ran: 600),
            Ended.Task("2026-03-10T03:00:00Z", Canceled, ran: 600),
            Ended.Task("2026-03-10T04:00:00Z", kind: nameof(Install), ran: 100));

        Assert.Equal(
            [(nameof(Install), 1), (nameof(Upgrade), 1)], summary.Runs.Select(r => (r.Operation, r.Times.Count)));
        Near(10, summary.Runs.Single(r => r.Operation is nameof(Upgrade)).Times.Percentile(0.95));
    }

    [Fact]
    public void What_no_runner_ever_took_did_not_wait_for_one()
    {
        var summary = Ended.Summary(
            s_utc,
            Ended.Task("2026-03-09T01:00:00Z", Failed, waited: 4),
            Ended.Task("2026-03-10T01:00:00Z", Canceled, ran: null, waited: 3_600),
            Ended.Task("2026-03-10T02:00:00Z", waited: 2));

        Assert.Equal(2, summary.Waits.Count);
        Near(2, summary.Days[6].Waits.Percentile(0.95));
        Near(4, summary.Days[5].Waits.Percentile(0.5));
    }

    [Fact]
    public void A_restoration_counts_when_it_comes_however_long_ago_the_failure_was()
    {
        var summary = Ended.Summary(
            s_utc, Ended.Task("2026-02-10T01:00:00Z", Failed), Ended.Task("2026-03-10T01:00:00Z"));
        Near(28 * 86_400, summary.Restores.Percentile(0.5));
        Assert.Equal(1, summary.Changes);
    }

    private static (int, int, int) Outcomes(DayFigures day) => (day.Done, day.Failed, day.Canceled);

    private static void Near(double seconds, TimeSpan? time) => Assert.InRange(
        time!.Value.TotalSeconds / seconds, 1 / (1 + TimeHistogram.MostError), 1 + TimeHistogram.MostError);
}
