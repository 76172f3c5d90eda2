using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

public sealed class DeploymentListTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private DeploymentList List => Services.GetRequiredService<DeploymentList>();

    [Fact]
    public async Task A_line_tells_the_last_task_and_the_one_that_left_it_in_error()
    {
        var deployment = await AddDeploymentAsync();
        var failed = await FailAsync(deployment);
        var last = await EnqueueAsync(TaskFor(deployment, new RestartK8sResource(Guid.NewGuid(), "web", "Deployment")));

        var item = Assert.Single((await PageAsync()).Items);

        Assert.Equal(DeploymentStatus.Error, item.Status);
        Assert.Equal((last, nameof(RestartK8sResource), DeploymentTaskStatus.Pending),
            (item.LastTask!.Id, item.LastTask.OpKind, item.LastTask.Status));
        Assert.Equal(failed, item.FailedTaskId);
    }

    [Fact]
    public async Task What_was_never_asked_for_anything_has_no_last_task()
    {
        await AddDeploymentAsync();

        var item = Assert.Single((await PageAsync()).Items);

        Assert.Null(item.LastTask);
        Assert.Null(item.FailedTaskId);
    }

    [Fact]
    public async Task Statuses_are_counted_whichever_is_asked_for()
    {
        await FailAsync(await AddDeploymentAsync("a"));
        await AddDeploymentAsync("b");
        await AddDeploymentAsync("c");

        var page = await List.PageAsync(new(Env.Id, null, Status: DeploymentStatus.Error), Cancel);

        Assert.Equal("a", Assert.Single(page.Items).Name);
        Assert.Equal(1, page.Total);
        Assert.Equal(
            [new(DeploymentStatus.Unknown, 2), new StatusCount(DeploymentStatus.Error, 1)], page.Statuses);
    }

    [Fact]
    public async Task Deployments_of_all_kinds_are_found_by_the_name_of_their_kind()
    {
        await AddDeploymentAsync("shop");

        Assert.Single((await List.PageAsync(new(Env.Id, null, "web"), Cancel)).Items);
        Assert.Empty((await List.PageAsync(new(Env.Id, Kind.Id, "web"), Cancel)).Items);
        Assert.Empty((await List.PageAsync(new(Env.Id, null, "we_"), Cancel)).Items);
        Assert.Empty((await List.PageAsync(new(Guid.NewGuid(), null, ""), Cancel)).Items);
    }

    [Fact]
    public async Task A_page_of_ten_thousand_takes_as_many_queries_as_one_of_a_single_line()
    {
        await FailAsync(await AddDeploymentAsync("d-0"));
        var few = await QueriesAsync();
        await ExecuteAsync($"""
            INSERT INTO deployments (id, name, kind_id, cluster_id, namespace, helm_chart_id, status, reason, enabled, version)
            SELECT gen_random_uuid(), 'd-' || n, '{Kind.Id}', '{Cluster.Id}', 'web-d-' || n, '{Chart.Id}', 'Error', 'x', true, 0
            FROM generate_series(1, 9999) AS n
            """);

        Assert.Equal(few, await QueriesAsync());
        var page = await PageAsync();
        Assert.Equal((10_000, 200, DeploymentList.PageSize), (page.Total, page.Pages, page.Items.Count));
    }

    [Fact]
    public async Task Dots_tell_workloads_and_pods_and_leave_out_what_jobs_run()
    {
        var deployment = await AddDeploymentAsync();
        var job = Resource(deployment, "Job", "backup");
        await AddAsync(
            Resource(deployment, "Deployment", "web", ready: 1, desired: 3),
            Resource(deployment, "StatefulSet", "db", ready: 1, desired: 1),
            Resource(deployment, "Deployment", "stuck", ready: 0, desired: 1, state: "FailedCreate"),
            Resource(deployment, "ReplicaSet", "web-1", ready: 1, desired: 3),
            Resource(deployment, "Pod", "web-1-a", color: "success"),
            Resource(deployment, "Pod", "web-1-b", color: "danger", state: "CrashLoopBackOff"),
            Resource(deployment, "Pod", "web-1-c", color: "primary", state: "Pending"),
            Resource(deployment, "Pod", "web-1-d", color: "success", state: "Terminating"),
            job,
            Resource(deployment, "Pod", "backup-x", color: "danger", owner: job.Id));

        var line = (await DotsAsync(deployment))[deployment.Id];

        Assert.Equal((7, 2), (line.Total, line.Good));
        Assert.Equal(
            [
                "db Good", "stuck Bad", "web Starting", "web-1-a Good", "web-1-b Bad", "web-1-c Starting", "web-1-d Ending",
            ],
            line.Dots.Select(dot => $"{dot.Name} {dot.Condition}"));
        Assert.Equal("CrashLoopBackOff", line.Dots[4].State);
    }

    [Fact]
    public async Task Of_more_objects_than_a_line_holds_the_worst_are_shown()
    {
        var deployment = await AddDeploymentAsync();
        await AddAsync([
            .. Enumerable.Range(0, 100).Select(n => Resource(deployment, "Pod", $"a-{n:000}", color: "success")),
            Resource(deployment, "Pod", "z-broken", color: "danger"),
        ]);

        var line = (await DotsAsync(deployment))[deployment.Id];

        Assert.Equal((DotLine.Most, 101, 100), (line.Dots.Count, line.Total, line.Good));
        Assert.Contains(line.Dots, dot => dot.Name == "z-broken");
    }

    [Theory]
    [InlineData("1.0.0", null, "1.10.0")]
    [InlineData("1.10.0", null, null)]
    [InlineData("1.9.0-rc.1", null, "2.0.0-rc.1")]
    [InlineData("3.0.0", null, null)]
    [InlineData("1.0.0", "main", "1.2.0")]
    [InlineData("1.0.0", "other", null)]
    public async Task An_update_is_the_newest_version_that_can_be_picked(string installed, string? branch, string? update)
    {
        await using (var db = await DbAsync())
        {
            db.AddRange(
                Pushed("1.2.0", "main"), Pushed("1.9.0"), Pushed("1.10.0"), Pushed("2.0.0-rc.1"),
                Pushed("4.0.0", error: "BROKEN"), Pushed("5.0.0", available: false));
            await db.SaveChangesAsync(Cancel);
        }

        var newest = await Services.GetRequiredService<ChartChoices>().NewestAsync(Kind.Id, Cancel);

        Assert.Equal(update, newest.After(new(Guid.NewGuid(), Registry.Id, branch, installed))?.Version);
        Assert.Null(newest.After(new(Guid.NewGuid(), Guid.NewGuid(), branch, installed)));
    }

    private Task<DeploymentPage> PageAsync() => List.PageAsync(new(Env.Id, Kind.Id), Cancel);

    private Task<IReadOnlyDictionary<Guid, DotLine>> DotsAsync(Deployment deployment) =>
        Services.GetRequiredService<ResourceDots>().OfAsync([deployment.Id], Cancel);

    /// <summary>How many commands the database is sent for the first page and its dots.</summary>
    private async Task<int> QueriesAsync()
    {
        var count = 0;
        using var test = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == test.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = _ => Interlocked.Increment(ref count),
        };
        ActivitySource.AddActivityListener(listener);
        var page = await PageAsync();
        await Services.GetRequiredService<ResourceDots>().OfAsync([.. page.Items.Select(i => i.Id)], Cancel);
        Assert.NotEqual(0, count);
        return count;
    }

    private async Task<Guid> FailAsync(Deployment deployment)
    {
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Reason = "it broke",
            DeploymentStatus = DeploymentStatus.Error,
            Revision = RevisionChange.Keep,
        }]);
        return task.Id;
    }

    private async Task AddAsync(params K8sResource[] resources)
    {
        await using var db = await DbAsync();
        db.AddRange(resources);
        await db.SaveChangesAsync(Cancel);
    }

    private K8sResource Resource(
        Deployment deployment, string kind, string name, int? ready = null, int? desired = null, string? color = null,
        string? state = null, Guid? owner = null) => new()
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = deployment.Id,
            Kind = kind,
            ApiVersion = "v1",
            Name = name,
            Ready = ready,
            Desired = desired,
            StatusColor = color is null ? [] : [color],
            State = state,
            OwnerId = owner,
        };

    private Chart Pushed(string version, string? branch = null, string? error = null, bool available = true)
    {
        var chart = NewChart(version);
        (chart.ParsedBranch, chart.Error, chart.Available) = (branch, error, available);
        return chart;
    }
}
