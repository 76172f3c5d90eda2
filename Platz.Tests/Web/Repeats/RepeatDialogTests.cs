using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Repeats;

/// <summary>What retry and rollback ask before they do it.</summary>
public sealed class RepeatDialogTests(PostgresServer postgres) : PageTest(postgres)
{
    private Guid _deployment;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private IRenderedComponent<MudSnackbarProvider> _snackbars = null!;

    private DeploymentEditor Editor => Services.GetRequiredService<DeploymentEditor>();

    private TaskCommands Commands => Page.Services.GetRequiredService<TaskCommands>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
        _snackbars = Page.Render<MudSnackbarProvider>();
        var made = await Editor.CreateAsync(
            new NewDeployment { Name = "shop", KindId = Kind.Id, ClusterId = Cluster.Id, HelmChartId = Chart.Id }, Alice, Cancel);
        _deployment = Assert.IsType<SaveResult.Saved>(made).DeploymentId;
        await EndAsync(DeploymentTaskStatus.Done);
        await ChangeAsync("""{"replicas":2}""");
        await EndAsync(DeploymentTaskStatus.Failed);
    }

    [Fact]
    public async Task A_retry_shows_the_inputs_and_is_queued_with_a_link_to_it()
    {
        var asking = RetryAsync();
        Says("the same inputs");
        Says("replicas: 2");

        await PressAsync("Retry now");

        Assert.True(await asking);
        var retry = (await TasksAsync())[^1];
        Assert.Equal((await TasksAsync())[1].Id, retry.RetryOfTaskId);
        _snackbars.WaitForAssertion(() => Assert.Contains("The retry is queued.", _snackbars.Markup, StringComparison.Ordinal), Patience);
        await _snackbars.InvokeAsync(() => _snackbars.Find(".mud-snackbar button").Click());
        Assert.EndsWith($"/tasks/{retry.Id}", Page.Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri);
    }

    [Fact]
    public async Task What_was_changed_since_is_told_before()
    {
        await ChangeAsync("""{"replicas":5}""");
        _ = RetryAsync();

        Says("The deployment has been changed since.");
        var change = _dialogs.Find(".repeat-changes .change");
        Assert.Equal(("5", "2"), (change.QuerySelector("del")!.TextContent, change.QuerySelector("ins")!.TextContent));
    }

    [Fact]
    public async Task While_it_is_queued_it_cannot_be_pressed_again()
    {
        var asking = RetryAsync();
        _dialogs.WaitForAssertion(() => Assert.False(Button("Retry now").HasAttribute("disabled")), Patience);

        await _dialogs.InvokeAsync(() =>
        {
            Button("Retry now").Click();
            Assert.True(Button("Queueing …").HasAttribute("disabled"));
            Assert.True(Button("Keep it as it is").HasAttribute("disabled"));
        });

        Assert.True(await asking);
        Assert.Equal(3, (await TasksAsync()).Count);
    }

    [Fact]
    public async Task Two_dialogs_over_the_same_task_make_one_and_the_later_is_shown_it()
    {
        var task = (await TasksAsync())[1];
        var asking = RetryAsync();
        Offers("Retry now");
        await Services.GetRequiredService<TaskRepeats>().RetryAsync(new RepeatRequest(task.Id), Alice, Cancel);

        await PressAsync("Retry now");

        Assert.True(await asking);
        Assert.Equal(3, (await TasksAsync()).Count);
        _snackbars.WaitForAssertion(
            () => Assert.Contains("It was being retried already.", _snackbars.Markup, StringComparison.Ordinal), Patience);
        asking = RetryAsync();
        Says("It is being retried already.");
        await PressAsync("Show it");
        Assert.False(await asking);
    }

    [Fact]
    public async Task A_change_while_the_dialog_is_open_is_shown_and_not_repeated_over()
    {
        var asking = RetryAsync();
        Offers("Retry now");
        await ChangeAsync("""{"replicas":9}""");

        await PressAsync("Retry now");

        Says("Somebody else has changed this deployment meanwhile. Look at what follows once more.");
        Assert.Equal("9", _dialogs.Find(".repeat-changes del").TextContent);
        Assert.False(asking.IsCompleted);
        await PressAsync("Retry now");
        Assert.True(await asking);
    }

    [Fact]
    public async Task A_retry_that_is_refused_says_why_and_cannot_be_pressed()
    {
        await Editor.UpdateAsync(_deployment, new DeploymentEdit { Enabled = false }, Alice, Cancel);
        _ = RetryAsync();

        Says("The deployment is disabled");

        Assert.True(Button("Retry now").HasAttribute("disabled"));
        Assert.Empty(_dialogs.FindAll("[name=run-when]"));
    }

    [Fact]
    public async Task Who_may_not_is_told_what_it_needs()
    {
        await MakeAliceAsync(EnvRole.User);
        _ = RetryAsync();

        Says("This needs a Maintainer of this kind.");
        Assert.True(Button("Retry now").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_retry_can_wait_for_its_time()
    {
        var asking = RetryAsync();
        Says("At a time");
        await _dialogs.InvokeAsync(() => _dialogs.FindAll("[name=run-when]")[1].Change("on"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#run-at").Change("2020-01-01T10:00"));
        await PressAsync("Retry at that time");
        _dialogs.WaitForAssertion(() => Assert.Equal("This time has passed.", _dialogs.Find("#run-at-error").TextContent), Patience);

        var at = TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#run-at").Change(at));
        await PressAsync("Retry at that time");

        Assert.True(await asking);
        Assert.Equal(at, (await TasksAsync())[^1].ExecuteAt.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_rollback_shows_what_it_changes_first()
    {
        var revision = (await TasksAsync())[0];
        var asking = Commands.RollBackAsync(revision);
        Says("What the deployment says now becomes this again:");
        Assert.Equal("2", _dialogs.Find(".repeat-changes del").TextContent);

        await _dialogs.InvokeAsync(() => _dialogs.Find("#repeat-message").Input("two pods are too many"));
        await PressAsync("Roll back");

        Assert.True(await asking);
        var rollback = (await TasksAsync())[^1];
        Assert.Equal(
            (nameof(Upgrade), revision.Id, "two pods are too many"),
            (rollback.OpKind, rollback.RollbackOfTaskId, rollback.Message));
    }

    [Fact]
    public async Task A_rollback_to_a_chart_that_is_gone_is_refused_with_words()
    {
        await ExecuteAsync("UPDATE helm_charts SET available = false");
        _ = Commands.RollBackAsync((await TasksAsync())[0]);

        Says("Version 1.0.0 is no longer in its registry.");
        Assert.True(Button("Roll back").HasAttribute("disabled"));
    }

    private Task<bool> RetryAsync()
    {
        Task<bool>? asking = null;
        _dialogs.InvokeAsync(async () =>
        {
            var task = (await TasksAsync())[1];
            asking = Commands.RetryAsync(task);
        });
        _dialogs.WaitForState(() => asking is not null, Patience);
        return asking!;
    }

    private async Task ChangeAsync(string config) => Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(
        _deployment, new DeploymentEdit { Config = System.Text.Json.Nodes.JsonNode.Parse(config)!.AsObject() }, Alice, Cancel));

    private async Task EndAsync(DeploymentTaskStatus status)
    {
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with
        {
            Status = status,
            Revision = status is DeploymentTaskStatus.Done ? RevisionChange.Record : RevisionChange.Keep,
        }]);
    }

    private AngleSharp.Dom.IElement Button(string text) =>
        _dialogs.FindAll("button").Single(b => b.TextContent.Trim() == text);

    private Task PressAsync(string text)
    {
        Offers(text);
        return PressAsync(_dialogs, text);
    }

    /// <summary>What it would do has been read by then.</summary>
    private void Offers(string text) =>
        _dialogs.WaitForAssertion(() => Assert.False(Button(text).HasAttribute("disabled")), Patience);

    private void Says(string words) => _dialogs.WaitForAssertion(
        () => Assert.Contains(words, _dialogs.Find(".mud-dialog").TextContent, StringComparison.Ordinal), Patience);
}
