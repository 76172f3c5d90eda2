using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>Going back to what a task installed.</summary>
public sealed class RollbackTests(PostgresServer postgres) : RepeatTest(postgres)
{
    [Fact]
    public async Task A_rollback_is_an_upgrade_to_what_the_revision_had_to_the_byte()
    {
        var (first, _) = await TwoRevisionsAsync();
        var before = await DeploymentAsync(first.DeploymentId);

        var preview = (await Repeats.PreviewAsync(Repeat.Rollback, first.Id, Alice, Cancel))!;
        var rollback = await MadeAsync(await PressAsync(preview));

        Assert.Null(preview.Refusal);
        Assert.Equal(("2.0.0", "1.0.0"), (preview.Difference!.VersionBefore, preview.Difference.VersionAfter));
        Assert.Equal(["a", "password"], preview.Difference.ConfigDelta.Select(change => change.Key));
        Assert.Equal("""{"x":[1,null]}""", preview.Difference.OverrideDelta!.ToJsonString());
        Assert.Equal((nameof(Upgrade), first.Id, null), (rollback.OpKind, rollback.RollbackOfTaskId, rollback.RetryOfTaskId));
        foreach (var field in new[] { "helm_chart_id", "config_inputs", "values_override" })
        {
            Assert.Equal(await StoredAsync(first.Id, field), await StoredAsync(rollback.Id, field));
        }

        var after = await DeploymentAsync(first.DeploymentId);
        Assert.Equal((Chart.Id, before.Version + 1), (after.HelmChartId, after.Version));
        Assert.Equal(((Install)first.Operation).ConfigInputs.ToJsonString(), after.Config.ToJsonString());
        Assert.Equal(("2.0.0", "1.0.0"), (rollback.PrevChartVersion, rollback.ChartVersion));
    }

    [Fact]
    public async Task A_reinstall_is_a_revision_by_what_it_recorded_when_it_started()
    {
        var failed = await FailedAsync(nameof(Reinstall));
        var retry = await MadeAsync(await RetryAsync(failed));
        var started = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var installed = new InstalledInputs(Chart.Id, Json("""{"a":1,"password":{"$sealed":"AAAA"}}"""), null);
        await Queue.RecordReinstallAsync(started.Id, started.Fence, installed, "1.0.0", Cancel);
        await Queue.FinishAsync([Done(started)]);
        await SavedAsync(failed.DeploymentId, new DeploymentEdit { HelmChartId = Newer.Id });

        var rollback = await MadeAsync(await Repeats.RollBackAsync(new RepeatRequest(retry.Id), Alice, Cancel));

        Assert.Equal(await StoredAsync(retry.Id, "config_inputs"), await StoredAsync(rollback.Id, "config_inputs"));
        Assert.Equal(Chart.Id, ((Upgrade)rollback.Operation).HelmChartId);
    }

    [Fact]
    public async Task Two_who_look_at_the_same_state_make_one_rollback_and_whoever_looks_later_another()
    {
        var (first, second) = await TwoRevisionsAsync();
        var (one, other) = (await PreviewAsync(first), await PreviewAsync(first));

        var results = await Task.WhenAll(PressAsync(one), PressAsync(other));

        var made = Assert.Single(results.Select(r => Assert.IsType<SaveResult.Saved>(r).TaskId).Distinct());
        await EndAsync(RevisionChange.Record);
        Assert.Equal(made, Assert.IsType<SaveResult.Saved>(await PressAsync(one)).TaskId);
        Assert.True((await PreviewAsync(first)).Difference!.IsEmpty);
        var forth = await MadeAsync(await PressAsync(await PreviewAsync(second)));
        await EndAsync(RevisionChange.Record);
        var back = await MadeAsync(await PressAsync(await PreviewAsync(first)));
        Assert.Equal(4, new[] { made!.Value, forth.Id, back.Id, first.Id }.Distinct().Count());
    }

    [Fact]
    public async Task One_that_was_canceled_before_its_time_can_be_asked_for_again()
    {
        var (first, _) = await TwoRevisionsAsync();
        var tonight = new RepeatRequest(first.Id) { ExecuteAt = TimeProvider.System.GetUtcNow().AddHours(5) };
        var planned = Assert.IsType<SaveResult.Saved>(await Repeats.RollBackAsync(tonight, Alice, Cancel)).TaskId!.Value;
        Assert.Equal(planned, (await PreviewAsync(first)).MadeAlready);

        await Queue.CancelAsync(planned, Alice, null, Cancel);

        var shown = await PreviewAsync(first);
        Assert.Null(shown.MadeAlready);
        Assert.NotEqual(planned, Assert.IsType<SaveResult.Saved>(await PressAsync(shown)).TaskId);
    }

    [Fact]
    public async Task A_rollback_over_a_change_that_nobody_has_looked_at_is_refused()
    {
        var (first, _) = await TwoRevisionsAsync();
        var seen = await PreviewAsync(first);
        await SavedAsync(first.DeploymentId, new DeploymentEdit { Config = Json("""{"a":7}""") });

        Assert.IsType<SaveResult.Conflict>(await PressAsync(seen));

        Assert.DoesNotContain(await TasksAsync(first.DeploymentId), t => t.RollbackOfTaskId is not null);
    }

    [Fact]
    public async Task After_a_move_that_failed_there_is_no_way_back_but_to_move_again()
    {
        var (first, _) = await TwoRevisionsAsync();
        await SavedAsync(first.DeploymentId, new DeploymentEdit { Name = "store" });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);

        var refused = await Repeats.RollBackAsync(new RepeatRequest(first.Id), Alice, Cancel);

        Assert.StartsWith("The release is still in the namespace web-shop", Assert.IsType<SaveResult.Conflict>(refused).Message);
    }

    [Fact]
    public async Task The_override_is_told_to_owners_alone_and_nobody_is_told_a_sealed_value()
    {
        var (first, _) = await TwoRevisionsAsync();
        var maintainer = await ActorAsync(Standing.Maintainer);

        var preview = (await Repeats.PreviewAsync(Repeat.Rollback, first.Id, maintainer, Cancel))!;

        Assert.Equal((true, null), (preview.Difference!.Override, preview.Difference.OverrideDelta));
        Assert.Contains("an Owner", Assert.IsType<SaveResult.Forbidden>(preview.Refusal).Message);
        Assert.DoesNotContain("$sealed", preview.Difference.ConfigDelta.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_is_told_which_right_somebody_lacks_and_in_which_env()
    {
        var (first, _) = await TwoRevisionsAsync();
        var maintainer = await ActorAsync(Standing.Maintainer);
        await Repeats.RollBackAsync(new RepeatRequest(first.Id), maintainer, Cancel);

        var other = new Env { Name = "other" };
        await using var db = await DbAsync();
        db.Add(other);
        await db.SaveChangesAsync(Cancel);
        await ExecuteAsync($"""
            UPDATE k8s_clusters SET env_id = '{other.Id}' WHERE id = '{Second.Id}';
            UPDATE deployment_permissions SET env_id = '{other.Id}'
            """);
        await SavedAsync(first.DeploymentId, new DeploymentEdit { ClusterId = Second.Id });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        var move = (await TasksAsync(first.DeploymentId))[^1];
        Assert.Equal((nameof(Recreate), other.Id), (move.OpKind, move.EnvId));
        Assert.IsType<SaveResult.Forbidden>(await RetryAsync(move, maintainer));

        var told = await db.AuditEvents.Where(e => e.Action == AuditAction.Denied).OrderBy(e => e.Seq)
            .ToListAsync(Cancel);
        Assert.Equal(
            [("EditValuesOverride", Env.Id), ("EditDeployment", Env.Id)],
            told.Select(e => ((string)e.Detail["needs"]!, e.EnvId!.Value)));
    }

    [Fact]
    public async Task A_preview_changes_nothing()
    {
        var (first, _) = await TwoRevisionsAsync();
        var before = await DeploymentAsync(first.DeploymentId);
        await PreviewAsync(first);
        var after = await DeploymentAsync(first.DeploymentId);
        Assert.Equal((before.Version, before.HelmChartId), (after.Version, after.HelmChartId));
    }

    private async Task<(DeploymentTask First, DeploymentTask Second)> TwoRevisionsAsync()
    {
        var id = (await CreateAsync("shop", """{"a":1,"password":"hunter2"}""")).DeploymentId;
        await EndAsync(RevisionChange.Record);
        await SavedAsync(id, new DeploymentEdit
        {
            HelmChartId = Newer.Id,
            Config = Json("""{"a":2,"password":"sesame"}"""),
            ValuesOverride = Json("""{"x":1}"""),
        });
        await EndAsync(RevisionChange.Record);
        var tasks = await TasksAsync(id);
        return (tasks[0], tasks[1]);
    }

    private async Task<RepeatPreview> PreviewAsync(DeploymentTask task) =>
        (await Repeats.PreviewAsync(Repeat.Rollback, task.Id, Alice, Cancel))!;

    private Task<SaveResult> PressAsync(RepeatPreview shown) => Repeats.RollBackAsync(
        new RepeatRequest(shown.Task.Id) { Version = shown.Version, IdempotencyKey = shown.IdempotencyKey }, Alice, Cancel);
}
