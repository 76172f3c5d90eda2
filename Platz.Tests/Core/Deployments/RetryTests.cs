using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>What a retry is made of, and that there is one of it.</summary>
public sealed class RetryTests(PostgresServer postgres) : RepeatTest(postgres)
{
    [Theory]
    [InlineData(nameof(Install), "helm_chart_id", "config_inputs", "values_override")]
    [InlineData(nameof(Upgrade), "helm_chart_id", "config_inputs", "values_override")]
    [InlineData(nameof(Reinstall), "reason", "causes")]
    [InlineData(nameof(Recreate), "old_cluster_id", "old_namespace", "new_cluster_id", "new_namespace", "helm_chart_id",
        "config_inputs", "values_override")]
    [InlineData(nameof(Uninstall))]
    [InlineData(nameof(InvokeAction), "helm_chart_id", "action_id", "body")]
    [InlineData(nameof(RestartK8sResource), "resource_id", "resource_name", "resource_kind")]
    public async Task A_retry_is_the_same_operation_at_the_same_place_with_inputs_equal_to_the_byte(
        string operation, params string[] fields)
    {
        var failed = await FailedAsync(operation);

        var retry = await MadeAsync(await RetryAsync(failed));

        Assert.Equal(
            (operation, failed.Id, DeploymentTaskStatus.Pending, failed.ClusterId, failed.Namespace, failed.ChartVersion),
            (retry.OpKind, retry.RetryOfTaskId, retry.Status, retry.ClusterId, retry.Namespace, retry.ChartVersion));
        Assert.Equal(retry.CreatedAt, retry.ExecuteAt);
        foreach (var field in fields)
        {
            var stored = await StoredAsync(failed.Id, field);
            Assert.NotNull(stored);
            Assert.Equal(stored, await StoredAsync(retry.Id, field));
        }
    }

    [Fact]
    public async Task A_retry_brings_back_what_was_changed_since_and_tells_it()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        await SavedAsync(failed.DeploymentId, new DeploymentEdit
        {
            HelmChartId = Newer.Id,
            Config = Json("""{"a":3,"password":"other"}"""),
            ValuesOverride = Json("""{"x":1}"""),
        });
        await EndAsync(RevisionChange.Record);
        var before = await DeploymentAsync(failed.DeploymentId);

        var preview = (await Repeats.PreviewAsync(Repeat.Retry, failed.Id, Alice, Cancel))!;
        var retry = await MadeAsync(await RetryAsync(failed));

        Assert.Equal(("2.0.0", "1.0.0"), (preview.Difference!.VersionBefore, preview.Difference.VersionAfter));
        Assert.Equal(
            """{"a":[3,2],"password":[{"$sensitive":true},{"$sensitive":true}]}""", preview.Difference.ConfigDelta.ToJsonString());
        var upgrade = Assert.IsType<Upgrade>(retry.Operation);
        Assert.Equal(preview.Difference.ConfigDelta.ToJsonString(), upgrade.ConfigDelta!.ToJsonString());
        Assert.Equal("""{"x":[1,null]}""", upgrade.ValuesOverrideDelta!.ToJsonString());
        Assert.Equal((Newer.Id, "2.0.0", "1.0.0"), (upgrade.PrevHelmChartId, retry.PrevChartVersion, retry.ChartVersion));
        var after = await DeploymentAsync(failed.DeploymentId);
        Assert.Equal((Chart.Id, before.Version + 1), (after.HelmChartId, after.Version));
        Assert.Equal(upgrade.ConfigInputs.ToJsonString(), after.Config.ToJsonString());
        Assert.Empty(after.ValuesOverride);
    }

    [Fact]
    public async Task What_the_inputs_refer_to_is_kept_as_dependencies_again_or_refused_when_it_is_gone()
    {
        var secrets = Services.GetRequiredService<SecretEditor>();
        var made = await secrets.CreateAsync(new NewSecret(Env.Id, "db", "orders", "x"), Alice, Cancel);
        await using var db = await DbAsync();
        var secret = await db.Secrets.Select(s => s.Id).SingleAsync(Cancel);
        var id = (await CreateAsync("shop", $$"""{"secret":"{{secret}}"}""")).DeploymentId;
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        await SavedAsync(id, new DeploymentEdit { Config = [] });
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        var failed = (await TasksAsync(id))[0];
        Assert.Empty(await db.Dependencies.ToListAsync(Cancel));

        await MadeAsync(await RetryAsync(failed));
        Assert.Equal(secret, (await db.Dependencies.AsNoTracking().SingleAsync(Cancel)).TargetId);

        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        await ExecuteAsync("DELETE FROM secrets");
        Assert.StartsWith("Database: This refers to something that is not there any more", Conflict(await RetryAsync(failed)));
        Assert.IsType<SecretResult.Saved>(made);
    }

    [Fact]
    public async Task Two_who_retry_at_once_get_one_task()
    {
        var failed = await FailedAsync(nameof(Upgrade));

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RetryAsync(failed), Cancel)));

        var saved = results.Select(Assert.IsType<SaveResult.Saved>).ToList();
        Assert.Single(saved.Select(s => s.TaskId).Distinct());
        Assert.Single(saved, s => !s.Repeated);
        Assert.Single(await TasksAsync(failed.DeploymentId), t => t.RetryOfTaskId == failed.Id);
    }

    [Fact]
    public async Task A_page_that_was_opened_before_a_retry_gets_that_one_even_when_it_has_ended()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        var (one, other) = (await PreviewAsync(failed), await PreviewAsync(failed));

        var first = await MadeAsync(await PressAsync(one));
        await EndAsync(RevisionChange.Keep, DeploymentTaskStatus.Failed);
        Assert.Equal(first.Id, (await MadeAsync(await PressAsync(other))).Id);

        var again = await PreviewAsync(failed);
        Assert.Null(again.MadeAlready);
        var second = await MadeAsync(await PressAsync(again));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(failed.Id, second.RetryOfTaskId);
        Assert.Equal(second.Id, (await PreviewAsync(failed)).MadeAlready);
    }

    [Fact]
    public async Task Whoever_saw_another_state_of_the_deployment_is_asked_to_look_again()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        var seen = await PreviewAsync(failed);
        await SavedAsync(failed.DeploymentId, new DeploymentEdit { Config = Json("""{"a":9}""") });

        Assert.Contains("changed this deployment meanwhile", Conflict(await PressAsync(seen)));
        Assert.Equal("""[9,2]""", (await PreviewAsync(failed)).Difference!.ConfigDelta["a"]!.ToJsonString());
    }

    [Fact]
    public async Task A_time_past_the_end_of_the_calendar_is_refused()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        var request = new RepeatRequest(failed.Id) { ExecuteAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var refused = Assert.IsType<SaveResult.Invalid>(await Repeats.RetryAsync(request, Alice, Cancel));
        Assert.Equal("execute_at", Assert.Single(refused.Errors).Field);
    }

    [Fact]
    public async Task What_its_actor_says_about_it_is_kept_or_refused_when_it_cannot_be()
    {
        var failed = await FailedAsync(nameof(Upgrade));
        foreach (var words in new[] { new string('x', 501), "a\0b" })
        {
            var refused = await Repeats.RetryAsync(new RepeatRequest(failed.Id) { Message = words }, Alice, Cancel);
            Assert.Equal("message", Assert.Single(Assert.IsType<SaveResult.Invalid>(refused).Errors).Field);
        }

        var request = new RepeatRequest(failed.Id) { Message = " the registry was away \n" };
        Assert.Equal("the registry was away", (await MadeAsync(await Repeats.RetryAsync(request, Alice, Cancel))).Message);
    }

    private async Task<RepeatPreview> PreviewAsync(DeploymentTask task) =>
        (await Repeats.PreviewAsync(Repeat.Retry, task.Id, Alice, Cancel))!;

    /// <summary>As the dialog does that shows this.</summary>
    private Task<SaveResult> PressAsync(RepeatPreview shown) => Repeats.RetryAsync(
        new RepeatRequest(shown.Task.Id) { Version = shown.Version, IdempotencyKey = shown.IdempotencyKey }, Alice, Cancel);

    private static string Conflict(SaveResult result) => Assert.IsType<SaveResult.Conflict>(result).Message;
}
