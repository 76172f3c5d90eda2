using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>A retry that waits for a time, and what becomes of it and of the deployment meanwhile.</summary>
public sealed class ScheduledRetryTests(PostgresServer postgres) : RepeatTest(postgres)
{
    [Fact]
    public async Task A_scheduled_retry_waits_for_its_time_and_holds_nobody_up()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        var at = InFiveHours;

        var retry = await MadeAsync(await Repeats.RetryAsync(new RepeatRequest(failed.Id) { ExecuteAt = at }, Alice, Cancel));

        Assert.Equal(at, retry.ExecuteAt, TimeSpan.FromMilliseconds(1));
        var page = await History.PageAsync(failed.DeploymentId, 1, Cancel);
        Assert.Equal(QueueState.Scheduled, page.Waits[retry.Id].State);
        Assert.Empty(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(CancelOutcome.Canceled, await Queue.CancelAsync(retry.Id, Alice, null, Cancel));
        await MadeAsync(await RetryAsync(failed));
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
    }

    [Fact]
    public async Task The_deployment_says_what_is_installed_until_the_retry_starts()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        await SavedAsync(failed.DeploymentId, new DeploymentEdit
        {
            HelmChartId = Newer.Id,
            Config = Json("""{"a":3}"""),
            ValuesOverride = Json("""{"x":1}"""),
        });
        await EndAsync(RevisionChange.Record);
        var before = await DeploymentAsync(failed.DeploymentId);

        var retry = await MadeAsync(await ScheduleAsync(failed));

        var waiting = await DeploymentAsync(failed.DeploymentId);
        Assert.Equal((before.Version, Newer.Id), (waiting.Version, waiting.HelmChartId));
        Assert.Equal(("""{"a":3}""", """{"x":1}"""), (waiting.Config.ToJsonString(), waiting.ValuesOverride.ToJsonString()));
        Assert.Equal(("1.0.0", "2.0.0"), (retry.ChartVersion, retry.PrevChartVersion));

        await StartAsync(retry);
        await StartAsync(retry); // by whoever takes it over

        var started = await DeploymentAsync(failed.DeploymentId);
        Assert.Equal((before.Version + 1, Chart.Id), (started.Version, started.HelmChartId));
        Assert.Equal(((Upgrade)retry.Operation).ConfigInputs.ToJsonString(), started.Config.ToJsonString());
        Assert.Empty(started.ValuesOverride);
    }

    [Fact]
    public async Task A_change_that_is_queued_behind_a_retry_keeps_what_it_has_written()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        var retry = await MadeAsync(await RetryAsync(failed));
        await SavedAsync(failed.DeploymentId, new DeploymentEdit { Config = Json("""{"a":7}""") });

        await StartAsync(retry);

        Assert.Equal("""{"a":7}""", (await DeploymentAsync(failed.DeploymentId)).Config.ToJsonString());
    }

    [Fact]
    public async Task A_later_change_takes_the_place_of_a_scheduled_retry()
    {
        foreach (var (name, edit) in new[]
        {
            ("edited", new DeploymentEdit { Config = Json("""{"a":5}""") }),
            ("disabled", new DeploymentEdit { Enabled = false }),
            ("renamed", new DeploymentEdit { Name = "new-name" }),
        })
        {
            var failed = await FailedAsync(nameof(Upgrade), name);
            var request = new RepeatRequest(failed.Id) { ExecuteAt = InFiveHours };
            var retry = await MadeAsync(await Repeats.RetryAsync(request, Alice, Cancel));

            await SavedAsync(failed.DeploymentId, edit);

            var after = (await History.FindAsync(retry.Id, Cancel))!;
            Assert.Equal(
                (DeploymentTaskStatus.Canceled, "A later change of the deployment took its place."),
                (after.Status, after.CancelReason));
        }
    }

    [Fact]
    public async Task A_move_that_is_scheduled_again_is_none_until_its_time()
    {
        var failed = await FailedAsync(nameof(Recreate));
        var request = new RepeatRequest(failed.Id) { ExecuteAt = InFiveHours };
        await MadeAsync(await Repeats.RetryAsync(request, Alice, Cancel));

        await SavedAsync(failed.DeploymentId, new DeploymentEdit { Config = [] });

        var move = Assert.IsType<Recreate>((await TasksAsync(failed.DeploymentId))[^1].Operation);
        Assert.Equal(("web-shop", "web-shop-moved"), (move.OldNamespace, move.NewNamespace));
    }

    private static DateTimeOffset InFiveHours => TimeProvider.System.GetUtcNow().AddHours(5);

    private Task<SaveResult> ScheduleAsync(DeploymentTask task) =>
        Repeats.RetryAsync(new RepeatRequest(task.Id) { ExecuteAt = InFiveHours }, Alice, Cancel);

    /// <summary>What a runner does first.</summary>
    private async Task StartAsync(DeploymentTask task)
    {
        await using var db = await DbAsync();
        await ScheduledInputs.WriteAsync(db, task, Cancel);
    }
}
