using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.History;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.History;

public sealed class HistoryFiltersTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _deployment = null!;
    private Guid _failed;
    private Guid _byBob;
    private Guid _pending;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
        await EnqueueAsync(await AddDeploymentAsync("other"));
        await EnqueueAsync(_deployment);
        await FinishNextAsync(Done);
        _failed = await EnqueueAsync(TaskFor(_deployment, new Uninstall()));
        await FinishNextAsync(task => Done(task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Reason = "Error: timed out waiting for the condition",
        });
        var bob = new User { DisplayName = "Bob", Email = "bob@example.org" };
        await using (var db = await DbAsync())
        {
            db.Add(bob);
            await db.SaveChangesAsync(Cancel);
        }

        _byBob = await EnqueueAsync(TaskFor(_deployment) with { Actor = new Actor.User(bob.Id, "Bob") });
        _pending = await EnqueueAsync(_deployment);
    }

    [Fact]
    public async Task Statuses_are_quick_filters_with_counts_that_follow()
    {
        var tab = Open("");
        tab.WaitForAssertion(() => Assert.Equal("Pending 2, Started 0, Done 1, Failed 1, Canceled 0", Counts(tab)), Patience);

        Assert.Equal(CancelOutcome.Canceled, await Queue.CancelAsync(_byBob, Alice, null, Cancel));

        tab.WaitForAssertion(() => Assert.Equal("Pending 1, Started 0, Done 1, Failed 1, Canceled 1", Counts(tab)), Patience);
        Assert.Equal("/history?status=Failed", tab.FindAll(".quick")[3].GetAttribute("href"));
    }

    [Theory]
    [InlineData("status=Failed", "failed")]
    [InlineData("status=Failed&status=Pending", "pending, bob, failed")]
    [InlineData("op=Uninstall", "failed")]
    [InlineData("q=TIMED+OUT", "failed")]
    [InlineData("op=Recreate", "")]
    public void The_address_says_what_is_shown(string query, string shown)
    {
        var tab = Open(query);

        tab.WaitForAssertion(() => Assert.Equal(shown, Shown(tab)), Patience);
    }

    [Fact]
    public void An_actor_and_another_address_are_followed_and_nothing_of_other_deployments_is_shown()
    {
        var tab = Open("status=Failed");
        tab.WaitForAssertion(() => Assert.Equal("failed", Shown(tab)), Patience);
        var bob = tab.FindComponents<TaskRow>().Count;

        Go("status=Pending");
        tab.WaitForAssertion(() => Assert.Equal("pending, bob", Shown(tab)), Patience);

        Go("");
        tab.WaitForAssertion(() => Assert.Equal(4, tab.FindComponents<TaskRow>().Count), Patience);
        Assert.Equal(1, bob);
    }

    [Fact]
    public async Task What_stops_to_match_while_a_row_is_unfolded_goes_when_it_is_folded()
    {
        var tab = Open("status=Pending");
        tab.WaitForAssertion(() => Assert.Equal("pending, bob", Shown(tab)), Patience);
        await ClickAsync(tab, $"tr[data-task='{_pending}'] [aria-label='Details']");

        await Queue.CancelAsync(_byBob, Alice, null, Cancel);
        tab.WaitForAssertion(
            () => Assert.Contains("Canceled", tab.Find($"tr[data-task='{_byBob}']").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("pending, bob", Shown(tab));

        await ClickAsync(tab, $"tr[data-task='{_pending}'] [aria-label='Details']");
        tab.WaitForAssertion(() => Assert.Equal("pending", Shown(tab)), Patience);
    }

    [Fact]
    public async Task Tasks_of_an_env_that_one_may_not_see_are_not_in_the_history()
    {
        var elsewhere = new Platz.Core.Catalog.Env { Name = "elsewhere" };
        await using (var db = await DbAsync())
        {
            db.Add(elsewhere);
            await db.SaveChangesAsync(Cancel);
        }

        var there = await EnqueueAsync(TaskFor(_deployment) with { EnvId = elsewhere.Id });
        var all = Open("");
        all.WaitForAssertion(() => Assert.Equal(5, all.FindComponents<TaskRow>().Count), Patience);

        await MakeAliceAsync(EnvRole.User);
        var some = Open("");
        some.WaitForAssertion(() => Assert.Equal(4, some.FindComponents<TaskRow>().Count), Patience);
        Assert.DoesNotContain(there, some.FindComponents<TaskRow>().Select(row => row.Instance.Task.Id));
    }

    [Fact]
    public void A_filter_that_finds_nothing_says_so_and_can_be_cleared()
    {
        var tab = Open("op=Recreate");

        tab.WaitForAssertion(() => Assert.Equal("/history", tab.Find(".empty a").GetAttribute("href")), Patience);
        Assert.Equal("Nothing matches", tab.Find(".empty h2").TextContent);
    }

    [Fact]
    public void A_pending_row_tells_its_place_and_leads_to_what_it_waits_for()
    {
        var tab = Open("status=Pending");

        tab.WaitForAssertion(() => Assert.Equal(
            $"/tasks/{_byBob}", tab.Find($"tr[data-task='{_pending}'] [data-wait] a").GetAttribute("href")), Patience);
        Assert.Contains("Next in line", tab.Find($"tr[data-task='{_pending}']").TextContent, StringComparison.Ordinal);
    }

    private async Task FinishNextAsync(Func<DeploymentTask, TaskResult> result)
    {
        var claimed = await Queue.ClaimAsync(Claims(), Cancel);
        await Queue.FinishAsync([.. claimed.Where(task => task.DeploymentId == _deployment.Id).Select(result)]);
    }

    private IRenderedComponent<HistoryTab> Open(string query)
    {
        Go(query);
        return Page.Render<HistoryTab>(p => p
            .Add(t => t.EnvId, Env.Id).Add(t => t.DeploymentId, _deployment.Id).Add(t => t.Path, "/history"));
    }

    private void Go(string query) => Page.Services.GetRequiredService<NavigationManager>()
        .NavigateTo(query.Length > 0 ? $"/history?{query}" : "/history");

    private string Shown(IRenderedComponent<HistoryTab> tab)
    {
        var names = new Dictionary<Guid, string> { [_failed] = "failed", [_byBob] = "bob", [_pending] = "pending" };
        Assert.True(tab.FindAll(".history-head").Count > 0);
        return string.Join(", ", tab.FindComponents<TaskRow>().Select(row => names.GetValueOrDefault(row.Instance.Task.Id, "?")));
    }

    private static string Counts(IRenderedComponent<HistoryTab> tab) => string.Join(", ", tab.FindAll(".quick")
        .Select(quick => string.Join(' ', quick.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
}
