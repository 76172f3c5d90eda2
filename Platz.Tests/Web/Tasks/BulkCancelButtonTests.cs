using Bunit;
using MudBlazor;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class BulkCancelButtonTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private IRenderedComponent<MudSnackbarProvider> _snackbars = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
        _snackbars = Page.Render<MudSnackbarProvider>();
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        await EnqueueAsync(deployment);
        await EnqueueAsync(await AddDeploymentAsync("other"));
        await Queue.ClaimAsync(Claims(total: 1), Cancel);
    }

    [Fact]
    public async Task What_waits_is_counted_first_and_then_canceled()
    {
        var button = Render();
        await AskAsync(button, "2 tasks of this filter are waiting.");

        await PressAsync(_dialogs, "Cancel 2 tasks");

        Said("2 canceled.");
        button.WaitForAssertion(() => Assert.False(button.Find("button").HasAttribute("disabled")), Patience);
        Assert.Equal(2, (await TasksAsync()).Count(t => t.Status is DeploymentTaskStatus.Canceled));
    }

    [Fact]
    public async Task Those_that_run_are_asked_to_stop_when_that_is_ticked()
    {
        var button = Render();
        await AskAsync(button, "the 1 that runs");
        await _dialogs.InvokeAsync(() => _dialogs.Find("[data-also-started]").Change(true));

        await PressAsync(_dialogs, "Cancel 3 tasks");

        Said("2 canceled, 1 asked to stop.");
    }

    [Fact]
    public async Task While_it_asks_it_cannot_be_pressed_again()
    {
        var button = Render();
        await AskAsync(button, "2 tasks");
        Assert.True(button.Find("button").HasAttribute("disabled"));

        await PressAsync(_dialogs, "Keep them");

        button.WaitForAssertion(() => Assert.False(button.Find("button").HasAttribute("disabled")), Patience);
        Assert.DoesNotContain(await TasksAsync(), t => t.Status is DeploymentTaskStatus.Canceled);
    }

    [Fact]
    public async Task With_nothing_to_cancel_there_is_nothing_to_press()
    {
        await MakeAliceAsync(Platz.Core.Identity.EnvRole.User);
        await ExecuteAsync("UPDATE users SET is_admin = false");
        var bob = await BobsAsync();
        var button = Page.Render<BulkCancel>(p => p.Add(b => b.Filter, TaskFilter.OfDeployment(bob)));
        await AskAsync(button, "No task of this filter is waiting");
        Assert.True(_dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Nothing to cancel").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("12 canceled, 3 had started, 1 you may not cancel.", 12, 3, 1, 0)]
    [InlineData("12 canceled. 2,000 more match: 1,000 are canceled at a time.", 12, 0, 0, 2000)]
    [InlineData("There was nothing to cancel any more.", 0, 0, 0, 0)]
    public void What_came_of_it_is_one_sentence(string words, int canceled, int started, int forbidden, int left)
    {
        var outcome = new BulkOutcome(
            new Dictionary<CancelOutcome, int>
            {
                [CancelOutcome.Canceled] = canceled,
                [CancelOutcome.HasStarted] = started,
                [CancelOutcome.Forbidden] = forbidden,
            },
            left);
        Assert.Equal(words, BulkWords.Of(outcome).Text);
    }

    private async Task<Guid> BobsAsync() => (await AddDeploymentAsync("empty")).Id;

    private IRenderedComponent<BulkCancel> Render() =>
        Page.Render<BulkCancel>(p => p.Add(b => b.Filter, TaskFilter.All));

    private async Task AskAsync(IRenderedComponent<BulkCancel> button, string words)
    {
        await button.InvokeAsync(() => button.Find("button").Click());
        _dialogs.WaitForAssertion(
            () => Assert.Contains(words, _dialogs.Find(".mud-dialog").TextContent, StringComparison.Ordinal), Patience);
    }

    private void Said(string words) => _snackbars.WaitForAssertion(
        () => Assert.Contains(words, _snackbars.Markup, StringComparison.Ordinal), Patience);
}
