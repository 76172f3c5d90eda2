using Platz.Core.Insight;
using Platz.Tests.Support;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Insight;

public sealed class TaskTimelineTests(PostgresServer postgres) : InsightTest(postgres)
{
    private TaskTimeline Timelines => new(Reports, Databases, Source, Clock);

    [Fact]
    public async Task The_busiest_deployments_come_first_counted_from_the_readers_own_midnight()
    {
        var shop = await AddDeploymentAsync();
        var blog = await AddDeploymentAsync("blog");
        await AddTaskAsync(shop, "2026-03-03T18:14:00Z"); // just before midnight in Kathmandu
        await AddTaskAsync(shop, "2026-03-03T18:15:00Z", Failed);
        await AddTaskAsync(blog, "2026-03-04T10:00:00Z");
        await AddTaskAsync(blog, "2026-03-09T10:00:00Z");
        await CountAsync();

        var busiest = await Reports.BusiestAsync(Env.Id, At("2026-03-03T18:15:00Z"), most: 10, Cancel);

        Assert.Equal(
            [new BusyDeployment(blog.Id, "blog", "Web", 2, 0), new BusyDeployment(shop.Id, "shop", "Web", 1, 1)],
            busiest.Items);
        Assert.Equal(2, busiest.Total);
    }

    [Fact]
    public async Task Beyond_the_most_that_are_asked_for_only_their_number_is_told()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddTaskAsync(await AddDeploymentAsync($"app-{i}"), "2026-03-10T10:00:00Z");
        }

        await CountAsync();
        var busiest = await Reports.BusiestAsync(Env.Id, At("2026-03-10T00:00:00Z"), most: 3, Cancel);
        Assert.Equal((3, 5), (busiest.Items.Count, busiest.Total));
    }

    [Fact]
    public async Task A_lane_has_each_task_that_ended_in_the_last_day_or_runs()
    {
        var shop = await AddDeploymentAsync();
        await AddTaskAsync(shop, "2026-03-09T11:59:00Z");
        var first = await AddTaskAsync(shop, "2026-03-09T12:01:00Z", Failed);
        var running = await AddTaskAsync(shop, ended: null, Started, created: "2026-03-10T11:59:00Z");
        await AddTaskAsync(shop, ended: null, Pending, created: "2026-03-11T03:00:00Z", claimed: false);
        await CountAsync();

        var timeline = await Timelines.OfEnvAsync(Env.Id, Cancel);

        var lane = Assert.Single(timeline.Lanes);
        Assert.Equal(("shop", "Web"), (lane.Name, lane.Kind));
        Assert.Equal([first, running], lane.Bars.Select(b => b.TaskId));
        Assert.Equal([Failed, Started], lane.Bars.Select(b => b.Status));
    }

    [Theory]
    [InlineData("2026-03-10T12:00:00Z")]
    [InlineData("2026-03-10T01:00:00Z")] // yesterday is still open then
    public async Task What_was_created_long_ago_and_ended_in_the_last_day_is_drawn_too(string now)
    {
        var shop = await AddDeploymentAsync();
        var scheduled = new[]
        {
            await AddTaskAsync(shop, ended: null, Pending, created: "2026-02-01T00:00:00Z", claimed: false),
            await AddTaskAsync(shop, ended: null, Pending, created: "2026-03-07T23:59:00Z", claimed: false),
            await AddTaskAsync(shop, ended: null, Pending, created: "2026-03-08T02:00:00Z", claimed: false),
        };
        await CountAsync("2026-03-09T12:30:00Z");
        foreach (var task in scheduled)
        {
            await EndAsync(task, "2026-03-09T18:00:00Z");
        }

        await CountAsync(now);

        var timeline = await Timelines.OfDeploymentAsync(shop.Id, "shop", "Web", Cancel);
        Assert.Equal(scheduled.Order(), timeline.Lanes.SelectMany(l => l.Bars).Select(b => b.TaskId).Order());
    }

    [Fact]
    public async Task A_deployment_whose_first_task_runs_has_a_lane_before_anything_is_counted()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        await Queue.ClaimAsync(Claims(), Cancel);

        var timeline = await new TaskTimeline(Reports, Databases, Source, TimeProvider.System).OfEnvAsync(Env.Id, Cancel);

        Assert.Equal(Started, Assert.Single(Assert.Single(timeline.Lanes).Bars).Status);
    }
}
