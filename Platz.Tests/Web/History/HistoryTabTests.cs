using System.Text.Json.Nodes;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Npgsql;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.History;
using Platz.Web.Live;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.History;

public sealed class HistoryTabTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _deployment = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
    }

    [Fact]
    public async Task Ten_tasks_stand_on_a_page_newest_first_with_the_total()
    {
        var ids = await EnqueueManyAsync(12);

        var tab = Open();
        tab.WaitForAssertion(() => Assert.Equal(ids.AsEnumerable().Reverse().Take(10), Shown(tab)), Patience);

        Assert.Contains("12 tasks", tab.Find(".history-head").TextContent, StringComparison.Ordinal);
        Assert.Equal("/history?page=2", tab.Find("[aria-label='Page 2']").GetAttribute("href"));
        Go("/history?page=2");
        tab.WaitForAssertion(() => Assert.Equal(ids.AsEnumerable().Reverse().Skip(10), Shown(tab)), Patience);
    }

    [Fact]
    public async Task A_new_task_appears_on_top_and_follows_its_changes_while_the_tab_is_open()
    {
        var tab = Open();
        tab.WaitForAssertion(() => tab.Find(".empty"), Patience);

        var id = await EnqueueAsync(_deployment);
        tab.WaitForAssertion(() => Assert.Equal("Pending", Status(tab, id)), Patience);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        tab.WaitForAssertion(() => Assert.StartsWith("Started", Status(tab, id), StringComparison.Ordinal), Patience);
        await Queue.FinishAsync([Done(task)]);
        tab.WaitForAssertion(() => Assert.Equal("Done", Status(tab, id)), Patience);
    }

    [Fact]
    public async Task What_changes_during_the_first_read_is_shown_after_it()
    {
        var id = await EnqueueAsync(TaskFor(_deployment, new Install(Chart.Id, new JsonObject { ["replicas"] = 2 }, null)));
        IRenderedComponent<HistoryTab> tab;
        await using (var connection = await Source.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand("LOCK TABLE helm_charts", connection); // read after the tasks
            await hold.ExecuteNonQueryAsync(Cancel);
            tab = Open();
            await UntilAsync("EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'helm_charts'::regclass)");

            var told = new TaskCompletionSource();
            using var listening = Page.Services.GetRequiredService<ChangeFeed>()
                .Subscribe(new Topic.Deployment(Env.Id, _deployment.Id), () => Task.FromResult(told.TrySetResult()));
            await Queue.CancelAsync(id, Alice, "", Cancel);
            await told.Task.WaitAsync(Patience, Cancel);
        }

        tab.WaitForAssertion(() => Assert.Equal("Canceled", Status(tab, id)), Patience);
    }

    [Fact]
    public async Task What_a_reader_has_unfolded_stays_in_its_place_while_new_tasks_come()
    {
        var first = await EnqueueAsync(_deployment);
        var tab = Open();
        tab.WaitForAssertion(() => Assert.Equal([first], Shown(tab)), Patience);
        await ClickAsync(tab, "[aria-label='Details']");

        await EnqueueAsync(_deployment);
        await Queue.ClaimAsync(Claims(), Cancel);

        tab.WaitForAssertion(() => Assert.Equal("1 newer task", tab.Find(".newer").TextContent.Trim()), Patience);
        tab.WaitForAssertion(() => Assert.StartsWith("Started", Status(tab, first), StringComparison.Ordinal), Patience);
        Assert.Equal([first], Shown(tab));
        Assert.Equal("true", tab.Find("[aria-label='Details']").GetAttribute("aria-expanded"));

        await ClickAsync(tab, ".newer");
        tab.WaitForAssertion(() => Assert.Equal(2, Shown(tab).Count), Patience);
    }

    [Fact]
    public async Task A_later_page_counts_newer_tasks_instead_of_shifting()
    {
        var ids = await EnqueueManyAsync(11);
        var tab = Open(number: 2);
        tab.WaitForAssertion(() => Assert.Equal([ids[0]], Shown(tab)), Patience);

        await EnqueueManyAsync(2);

        tab.WaitForAssertion(() => Assert.Equal("2 newer tasks", tab.Find(".newer").TextContent.Trim()), Patience);
        Assert.Equal([ids[0]], Shown(tab));
    }

    [Fact]
    public async Task The_log_of_a_running_task_grows_under_its_row()
    {
        var id = await EnqueueAsync(_deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
        var tab = Open();
        await ClickAsync(tab, "[aria-label='Details']");
        tab.WaitForAssertion(() => Assert.Contains(
            Phase.HelmUpgrade, tab.Find(".phases").TextContent, StringComparison.Ordinal), Patience);

        var log = await Services.GetRequiredService<TaskLog>()
            .OpenAsync(id, task.Fence, new(1000, 1000), new([]), Cancel);
        log.AddOutput("first <line>", DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        await log.FlushAsync(Cancel);
        tab.WaitForAssertion(() => Assert.Equal("first <line>", tab.Find(".log-text").TextContent), Patience);
        log.AddOutput("second", DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        await log.FlushAsync(Cancel);
        tab.WaitForAssertion(() => Assert.Equal(2, tab.FindAll(".log-text").Count), Patience);
    }

    [Fact]
    public async Task A_pending_task_is_canceled_with_the_reason_that_was_given()
    {
        var id = await EnqueueAsync(_deployment);
        Page.Render<MudPopoverProvider>();
        var dialogs = Page.Render<MudDialogProvider>();
        var tab = Open();

        await ClickAsync(tab, "[aria-label='Cancel task']");
        dialogs.WaitForAssertion(() => Assert.Contains(
            "canceled at once", dialogs.Find(".consequence").TextContent, StringComparison.Ordinal), Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("input").Input("wrong button"));
        await PressAsync(dialogs, "Cancel the task");

        tab.WaitForAssertion(() => Assert.Equal("Canceled", Status(tab, id)), Patience);
        var task = Assert.Single(await TasksAsync());
        Assert.Equal((Alice.Id, "wrong button"), (task.CanceledByUserId, task.CancelReason));
    }

    [Fact]
    public async Task A_task_of_somebody_else_is_not_canceled_by_a_mere_member()
    {
        var bob = new User { DisplayName = "Bob", Email = "bob@example.org" };
        await using (var db = await DbAsync())
        {
            db.Add(bob);
            await db.SaveChangesAsync(Cancel);
        }

        var id = await EnqueueAsync(TaskFor(_deployment) with { Actor = new Actor.User(bob.Id, "Bob") });
        await MakeAliceAsync(EnvRole.User);
        Page.Render<MudPopoverProvider>();
        var dialogs = Page.Render<MudDialogProvider>();
        var tab = Open();
        await ClickAsync(tab, "[aria-label='Cancel task']");

        dialogs.WaitForAssertion(() => Assert.Equal(
            "Only who queued it can cancel it, or a Maintainer of this kind.", dialogs.Find("[role=alert]").TextContent),
            Patience);
        Assert.True(dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Cancel the task").HasAttribute("disabled"));
        Assert.Equal("Pending", Status(tab, id));
    }

    [Fact]
    public async Task What_starts_under_the_open_question_is_not_asked_to_stop()
    {
        var id = await EnqueueAsync(_deployment);
        Page.Render<MudPopoverProvider>();
        var dialogs = Page.Render<MudDialogProvider>();
        var snackbar = Page.Render<MudSnackbarProvider>();
        var tab = Open();
        await ClickAsync(tab, "[aria-label='Cancel task']");
        dialogs.WaitForElement("input", Patience);
        await Queue.ClaimAsync(Claims(), Cancel);

        await PressAsync(dialogs, "Cancel the task");

        snackbar.WaitForAssertion(() => Assert.Contains(
            "It has started meanwhile", snackbar.Markup, StringComparison.Ordinal), Patience);
        Assert.Null((await History.FindAsync(id, Cancel))!.CancelRequestedAt);
    }

    [Fact]
    public async Task A_Reinstall_tells_all_its_causes_when_it_is_unfolded()
    {
        ReinstallCause[] causes =
        [
            new("secret db/password changed", "Bob", DateTimeOffset.UnixEpoch),
            new("env node selector changed", "Carol", DateTimeOffset.UnixEpoch),
        ];
        await EnqueueAsync(TaskFor(_deployment, new Reinstall("secret db/password changed", causes)));
        var tab = Open();
        await ClickAsync(tab, "[aria-label='Details']");

        tab.WaitForAssertion(() => Assert.Equal(2, tab.FindAll(".causes li").Count), Patience);
        Assert.Contains("by Carol", tab.FindAll(".causes li")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_changes_are_said_aloud_politely()
    {
        var tab = Open();
        tab.WaitForAssertion(() => tab.Find(".empty"), Patience);

        await EnqueueAsync(_deployment);

        tab.WaitForAssertion(() => Assert.Equal(
            "Install: Pending", tab.Find("[aria-live=polite]").TextContent), Patience);
    }

    private IRenderedComponent<HistoryTab> Open(int number = 1)
    {
        Go(number > 1 ? $"/history?page={number}" : "/history");
        return Page.Render<HistoryTab>(p => p
            .Add(t => t.EnvId, Env.Id).Add(t => t.DeploymentId, _deployment.Id).Add(t => t.Path, "/history"));
    }

    private void Go(string address) => Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    private async Task<List<Guid>> EnqueueManyAsync(int count)
    {
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await EnqueueAsync(_deployment));
        }

        return ids;
    }

    private static List<Guid> Shown(IRenderedComponent<HistoryTab> tab) =>
        [.. tab.FindComponents<TaskRow>().Select(row => row.Instance.Task.Id)];

    private static string Status(IRenderedComponent<HistoryTab> tab, Guid id) =>
        tab.Find($"tr[data-task='{id}'] .chip").TextContent.Trim();
}
