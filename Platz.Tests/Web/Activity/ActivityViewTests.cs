using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class ActivityViewTests(PostgresServer postgres) : PageTest(postgres)
{
    private static readonly Actor s_bot = new Actor.Bot(Guid.NewGuid(), "ci-bot");

    private NavigationManager Navigation => Page.Services.GetRequiredService<NavigationManager>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(new Bot { Id = s_bot.Id, DisplayName = s_bot.Name });
        await db.SaveChangesAsync(Cancel);
        db.Add(new EnvPermission { EnvId = Env.Id, BotId = s_bot.Id, Role = EnvRole.User });
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task What_runs_waits_is_scheduled_and_has_ended_stands_in_sections_of_its_own()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        var done = await RunAsync(shop, DeploymentTaskStatus.Done);
        var running = await StartAsync(shop);
        var queued = await EnqueueAsync(shop);
        var scheduled = await EnqueueAsync(TaskFor(blog) with { ExecuteAt = TimeProvider.System.GetUtcNow().AddHours(1) });

        var view = Open("");

        view.WaitForAssertion(() => Assert.Equal(
            [("Running", running), ("Queued", queued), ("Scheduled", scheduled), ("Recent", done)], Shown(view)), Patience);
    }

    [Fact]
    public async Task A_task_moves_from_section_to_section_while_the_page_is_open()
    {
        var shop = await AddDeploymentAsync("shop");
        var view = Open("");
        view.WaitForElement(".empty", Patience);

        var id = await EnqueueAsync(shop);
        view.WaitForAssertion(() => Assert.Equal([("Queued", id)], Shown(view)), Patience);
        view.WaitForElement("[data-act=cancel-many]", Patience);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        view.WaitForAssertion(() => Assert.Equal([("Running", id)], Shown(view)), Patience);
        await Queue.FinishAsync([Done(task)]);
        view.WaitForAssertion(() => Assert.Equal([("Recent", id)], Shown(view)), Patience);
        view.WaitForAssertion(() => Assert.Empty(view.FindAll("[data-act=cancel-many]")), Patience); // nothing is left to
    }

    [Fact]
    public async Task What_is_unfolded_stays_where_it_is_and_tells_how_it_ended()
    {
        var shop = await AddDeploymentAsync("shop");
        var id = await EnqueueAsync(shop);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var view = Open("");
        await ClickAsync(view, "[data-act=expand]");

        await Queue.FinishAsync([Done(task)]);
        var next = await EnqueueAsync(shop);

        view.WaitForAssertion(() => Assert.Equal(
            "Done", view.Find($"[aria-label=Running] tr[data-task='{id}'] .chip").TextContent.Trim()), Patience);
        view.WaitForAssertion(() => Assert.Equal(
            "1 more has been queued", view.Find(".newer").TextContent.Trim()), Patience);
        await ClickAsync(view, ".newer");
        view.WaitForAssertion(() => Assert.Equal([("Queued", next), ("Recent", id)], Shown(view)), Patience);
    }

    [Fact]
    public async Task The_address_narrows_every_section_and_links_change_it()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        await RunAsync(shop, DeploymentTaskStatus.Done);
        var failed = await RunAsync(blog, DeploymentTaskStatus.Failed);
        await EnqueueAsync(shop);

        var view = Open("?status=Failed");
        view.WaitForAssertion(() => Assert.Equal([("Recent", failed)], Shown(view)), Patience);
        Assert.Equal("Remove: Failed", view.Find("[data-chip=status]").GetAttribute("aria-label"));

        Follow(view, "[data-chip=status]");
        view.WaitForAssertion(() => Assert.Equal(3, Shown(view).Count()), Patience);
        Assert.EndsWith("/envs/demo/tasks", Navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".filters-chips"));
    }

    [Fact]
    public async Task An_actor_leads_to_all_they_did_and_what_they_touched()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        await RunAsync(shop, DeploymentTaskStatus.Done);
        var byBot = await RunAsync(blog, DeploymentTaskStatus.Done, s_bot);
        var view = Open("?status=Done");
        view.WaitForAssertion(() => Assert.Equal(2, Shown(view).Count()), Patience);

        Follow(view, $"tr[data-task='{byBot}'] .actor a");

        view.WaitForAssertion(() => Assert.Equal([("Recent", byBot)], Shown(view)), Patience);
        Assert.Contains("status=Done&actor=bot", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal("Remove: by ci-bot", view.Find("[data-chip=actor]").GetAttribute("aria-label"));
        view.WaitForAssertion(() => Assert.Matches(
            @"1 deployment:\s+blog 1", view.Find("[data-touched]").TextContent.Trim()), Patience);
    }

    [Fact]
    public async Task Bots_are_asked_for_together_and_their_deployments_are_listed()
    {
        var (shop, blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
        await RunAsync(shop, DeploymentTaskStatus.Done);
        await RunAsync(blog, DeploymentTaskStatus.Failed, s_bot);

        var view = Open("?by=bots&view=deployments");

        view.WaitForAssertion(() => Assert.Equal(
            ["blog", "Web", "1", "1"], view.FindAll("table[data-touched] tbody tr > *").Take(4).Select(c => c.TextContent.Trim())),
            Patience);
        Assert.Equal($"/envs/demo/deployments/Web/{blog.Id}/history", view.Find("table[data-touched] tbody a").GetAttribute("href"));
        Assert.EndsWith($"by=bots&deployment={blog.Id}", Ordered(view.FindAll("table[data-touched] td a")[0].GetAttribute("href")!),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_matches_leads_back_to_everything()
    {
        await RunAsync(await AddDeploymentAsync("shop"), DeploymentTaskStatus.Done);

        var view = Open("?q=nowhere");
        view.WaitForAssertion(() => Assert.Contains(
            "Nothing matches", view.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
        Follow(view, ".empty a");

        view.WaitForAssertion(() => Assert.Single(Shown(view)), Patience);
    }

    [Fact]
    public async Task All_envs_are_those_that_one_is_in()
    {
        var here = await RunAsync(await AddDeploymentAsync("shop"), DeploymentTaskStatus.Done);
        var elsewhere = new Env { Name = "elsewhere" };
        await using (var db = await DbAsync())
        {
            db.Add(elsewhere);
            await db.SaveChangesAsync(Cancel);
        }

        var there = await EnqueueAsync(TaskFor(await AddDeploymentAsync("blog")) with { EnvId = elsewhere.Id });
        var all = OpenAll();
        all.WaitForAssertion(() => Assert.Equal([("Queued", there), ("Recent", here)], Shown(all)), Patience);
        Assert.Contains("elsewhere", all.Find($"tr[data-task='{there}'] .task-place").TextContent, StringComparison.Ordinal);

        await MakeAliceAsync(EnvRole.User);
        var mine = OpenAll();
        mine.WaitForAssertion(() => Assert.Equal([("Recent", here)], Shown(mine)), Patience);
    }

    [Fact]
    public async Task Choices_are_looked_up_when_somebody_looks_and_found_by_what_is_typed()
    {
        await AddDeploymentAsync("shop");
        var view = Open("");
        view.WaitForElement("[data-pick=actor]", Patience);
        Assert.Empty(view.FindAll("[data-pick=actor] .pick-item"));

        await view.InvokeAsync(() => view.Find("[data-pick=actor]").TriggerEvent("ontoggle", EventArgs.Empty));
        view.WaitForAssertion(() => Assert.Equal(["Alice", "ci-bot"], Choices(view)), Patience);
        await view.InvokeAsync(() => view.Find("[data-pick=actor] input").Change("CI"));
        view.WaitForAssertion(() => Assert.Equal(["ci-bot"], Choices(view)), Patience);
        Follow(view, "[data-pick=actor] .pick-item");

        view.WaitForAssertion(() => Assert.Equal(
            "true", view.Find("[data-pick=actor] .pick-item").GetAttribute("aria-current")), Patience);
        Assert.Equal("Actor 1 chosen", Words(view.Find("[data-pick=actor] summary").TextContent));
    }

    private IRenderedComponent<ActivityView> Open(string query)
    {
        Navigation.NavigateTo($"/envs/demo/tasks{query}");
        return Page.Render<ActivityView>(p => p.Add(v => v.Env, Env));
    }

    private IRenderedComponent<ActivityView> OpenAll()
    {
        Navigation.NavigateTo("/tasks");
        return Page.Render<ActivityView>();
    }

    private void Follow(IRenderedComponent<ActivityView> view, string link) =>
        Navigation.NavigateTo(view.Find(link).GetAttribute("href")!);

    private async Task<Guid> StartAsync(Deployment deployment, Actor? actor = null)
    {
        var id = await EnqueueAsync(TaskFor(deployment) with { Actor = actor ?? Alice });
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        return id;
    }

    private async Task<Guid> RunAsync(Deployment deployment, DeploymentTaskStatus outcome, Actor? actor = null)
    {
        var id = await EnqueueAsync(TaskFor(deployment) with { Actor = actor ?? Alice });
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var reason = outcome is DeploymentTaskStatus.Failed ? "it went wrong" : null;
        await Queue.FinishAsync([Done(task) with { Status = outcome, Reason = reason }]);
        return id;
    }

    private static IEnumerable<(string, Guid)> Shown(IRenderedComponent<ActivityView> view) =>
        view.FindAll(".activity-section").SelectMany(section => section.QuerySelectorAll("tr[data-task]").Select(
            row => (section.GetAttribute("aria-label")!, Guid.Parse(row.GetAttribute("data-task")!))));

    private static IEnumerable<string> Choices(IRenderedComponent<ActivityView> view) =>
        view.FindAll("[data-pick=actor] .pick-text").Select(choice => choice.TextContent);

    private static string Ordered(string address) =>
        string.Join('&', address.Split('?')[1].Split('&').Order(StringComparer.Ordinal));

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
