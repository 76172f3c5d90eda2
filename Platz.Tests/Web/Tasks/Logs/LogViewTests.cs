using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Live;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class LogViewTests(PostgresServer postgres) : LogViewTest(postgres)
{
    [Fact]
    public async Task It_opens_at_the_end_and_renders_no_more_than_a_screen_of_a_long_log()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 5_000);

        var view = await OpenAsync();

        var shown = Numbers(view);
        Assert.Equal(5_000, shown[^1]);
        Assert.InRange(shown.Count, 20, 100);
        Assert.Equal("5001", view.Find(".log-scroll").GetAttribute("data-total"));
        Assert.Empty(view.FindAll(".log-jump"));
    }

    [Fact]
    public async Task It_follows_a_running_task_until_the_reader_scrolls_away_and_then_counts()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 200);
        var view = await OpenAsync();

        await Log.WriteAsync(Phase.HelmUpgrade, 3);
        view.WaitForAssertion(() => Assert.Equal(203, Numbers(view)[^1]), Patience);

        await view.InvokeAsync(() => view.Instance.LeaveEndAsync(leave: true, top: 100, visible: 20));
        await Log.WriteAsync(Phase.HelmUpgrade, 1_500);
        view.WaitForAssertion(() => Assert.Contains(
            "1,500 new lines", view.Find(".log-jump").TextContent, StringComparison.Ordinal), Patience);
        Assert.Contains(100, Numbers(view));
        Assert.DoesNotContain(1_703, Numbers(view));

        await ClickAsync(view, ".log-jump");
        view.WaitForAssertion(() => Assert.Equal(1_703, Numbers(view)[^1]), Patience);
        Assert.Empty(view.FindAll(".log-jump"));
    }

    [Fact]
    public async Task What_the_reader_looks_at_stays_while_lines_above_it_are_dropped()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 5_000);
        var view = await OpenAsync();
        await view.InvokeAsync(() => view.Instance.LeaveEndAsync(leave: true, top: 4_500, visible: 20));
        var before = Origin(view);

        for (var i = 0; i < 4; i++)
        {
            await Log.WriteAsync(Phase.HelmUpgrade, 1_000); // in the end more than is kept
        }

        await Queue.FinishAsync([Done(Log.Task)]); // then the whole is looked at again
        view.WaitForAssertion(() => Assert.True(Origin(view) < before), Patience);
        Assert.Contains(4_500, Numbers(view));
    }

    [Fact]
    public async Task A_range_in_the_address_is_shown_and_picked_out()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 5_000);
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo("tasks/x/log?line=120-122");

        var view = await OpenAsync();

        Assert.Equal([120, 121, 122], Picked(view));
        Assert.DoesNotContain(5_000, Numbers(view));
        Assert.Single(view.FindAll(".log-jump"));
    }

    [Fact]
    public async Task Picking_lines_changes_the_address_and_what_copy_copies()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 30);
        var view = await OpenAsync();

        await view.InvokeAsync(() => view.Instance.PickLineAsync(12, extend: false));
        await view.InvokeAsync(() => view.Instance.PickLineAsync(9, extend: true));

        var address = Page.Services.GetRequiredService<NavigationManager>().Uri;
        Assert.EndsWith("?line=9-12", address, StringComparison.Ordinal);
        var copy = view.Find("[data-log-copy]");
        Assert.Equal("Copy 4 lines", copy.TextContent.Trim());
        Assert.Equal($"/tasks/{Log.Task.Id}/log.txt?line=9-12&plain=true", copy.GetAttribute("data-log-copy"));

        await ClickAsync(view, "[aria-label='Pick no lines']");
        view.WaitForAssertion(() => Assert.Empty(view.FindAll(".log-picked")), Patience);
        Assert.DoesNotContain("line=", Page.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_counts_marks_and_walks()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, Enumerable.Range(1, 1_000)
            .Select(i => i % 400 == 0 ? "\u001b[31mPod\u001b[0m is ready, pod too" : $"line {i}"));
        var view = await OpenAsync();

        await view.InvokeAsync(() => view.Find("input[type=search]").Input("pod"));
        await view.InvokeAsync(() => view.Find(".log-search").Submit());

        view.WaitForAssertion(() => Assert.Equal("1 of 4", view.Find(".log-count").TextContent), Patience);
        Assert.Equal(["Pod", "pod"], Line(view, 400).QuerySelectorAll("mark").Select(mark => mark.TextContent));
        Assert.Equal("Pod", view.Find("mark.current").TextContent);
        Assert.Equal("Pod is ready, pod too", Line(view, 400).TextContent);

        await view.InvokeAsync(() => view.Instance.KeyAsync("N"));
        view.WaitForAssertion(() => Assert.Equal("4 of 4", view.Find(".log-count").TextContent), Patience);
        Assert.Contains(800, Numbers(view));

        await view.InvokeAsync(() => view.Find("input[type=search]").Input("pineapple"));
        view.WaitForAssertion(() => Assert.Equal("No match", view.Find(".log-count").TextContent), Patience);
        Assert.Empty(view.FindAll("mark"));
    }

    [Fact]
    public async Task The_count_is_said_in_answer_to_the_reader_and_not_as_the_log_grows()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, "one needle", "hay");
        var view = await OpenAsync();
        await view.InvokeAsync(() => view.Find("input[type=search]").Input("needle"));
        await view.InvokeAsync(() => view.Find(".log-search").Submit());
        view.WaitForAssertion(() => Assert.Equal("1 of 1", view.Find(".log-search [role=status]").TextContent), Patience);

        await Log.WriteAsync(Phase.HelmUpgrade, "another needle");
        view.WaitForAssertion(() => Assert.Equal("1 of 2", view.Find(".log-count").TextContent), Patience);
        Assert.Equal("", view.Find(".log-search [role=status]").TextContent);

        await view.InvokeAsync(() => view.Instance.KeyAsync("n"));
        view.WaitForAssertion(() => Assert.Equal("2 of 2", view.Find(".log-search [role=status]").TextContent), Patience);
    }

    [Fact]
    public async Task The_first_error_is_picked_out()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 900);
        await Log.WriteAsync(Phase.HelmUpgrade, "Error: UPGRADE FAILED: timed out", "after");
        var view = await OpenAsync();
        await view.InvokeAsync(() => view.Instance.LeaveEndAsync(leave: true, top: 0, visible: 20));

        await ClickAsync(view, "[title='Jump to the first error (e)']");

        view.WaitForAssertion(() => Assert.Equal(
            "Error: UPGRADE FAILED: timed out", view.Find(".log-picked").TextContent), Patience);
    }

    [Fact]
    public async Task ALog_without_errors_says_so()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 10);
        var snackbar = Page.Render<MudSnackbarProvider>();
        var view = await OpenAsync();

        await view.InvokeAsync(() => view.Instance.KeyAsync("e"));

        snackbar.WaitForAssertion(() => Assert.Contains(
            "No line of this log tells of an error.", snackbar.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Phases_fold_up_to_their_time_and_outcome()
    {
        await Log.EnterAsync(Phase.Validate);
        await Log.WriteAsync(Phase.Validate, 3);
        await Log.EnterAsync(Phase.HelmUpgrade);
        await Log.WriteAsync(Phase.HelmUpgrade, 2);
        var view = await OpenAsync();
        Assert.Equal([1, 2, 3, 4, 5], Numbers(view));
        Assert.Contains("3 lines · < 1 s · done", view.FindAll(".log-phase")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("2 lines · running", view.FindAll(".log-phase")[1].TextContent, StringComparison.Ordinal);

        await ClickAsync(view, ".log-phase button");

        view.WaitForAssertion(() => Assert.Equal([4, 5], Numbers(view)), Patience);
        Assert.Equal("false", view.Find(".log-phase button").GetAttribute("aria-expanded"));
        await view.InvokeAsync(() => view.Find(".log-field input[type=text]").Change("2"));
        view.WaitForAssertion(() => Assert.Equal([1, 2, 3, 4, 5], Numbers(view)), Patience); // what is asked for shows
    }

    [Fact]
    public async Task A_hidden_tab_renders_nothing_and_catches_up_when_it_is_back()
    {
        await Log.WriteAsync(Phase.HelmUpgrade, 5);
        var view = await OpenAsync();
        var visibility = Page.Services.GetRequiredService<Visibility>();
        await view.InvokeAsync(() => visibility.Show(isHidden: true)); // once it has begun to run
        var told = new TaskCompletionSource();
        var logs = Page.Services.GetRequiredService<WatchedLogs>();
        using var watch = await logs.OpenAsync(Log.Task, show => show(), () =>
        {
            told.TrySetResult();
            return Task.CompletedTask;
        });
        var renders = view.RenderCount;
        await Log.WriteAsync(Phase.HelmUpgrade, 5);
        await told.Task.WaitAsync(Patience, Cancel);
        await view.InvokeAsync(() => { }); // after what the page was told
        Assert.Equal(renders, view.RenderCount);

        visibility.Show(isHidden: false);

        view.WaitForAssertion(() => Assert.Equal(10, Numbers(view)[^1]), Patience);
    }
}
