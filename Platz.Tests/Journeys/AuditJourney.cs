using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The questions of the seed's "Auditing", each answered by two clicks.</summary>
public sealed class AuditJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private static readonly Actor s_bot = new Actor.Bot(Guid.NewGuid(), "ci-bot");

    private Deployment _shop = null!;
    private Deployment _blog = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(new Bot { Id = s_bot.Id, DisplayName = s_bot.Name });
        await db.SaveChangesAsync(Cancel);
        db.Add(new EnvPermission { EnvId = Env.Id, BotId = s_bot.Id, Role = EnvRole.User });
        await db.SaveChangesAsync(Cancel);
        (_shop, _blog) = (await AddDeploymentAsync("shop"), await AddDeploymentAsync("blog"));
    }

    [Fact]
    public async Task Who_deployed_the_broken_version_is_two_clicks_away()
    {
        await RunAsync(_shop, Alice);
        await RunAsync(_shop, s_bot, TagTo("1.5-broken"));
        await RunAsync(_shop, Alice, new Reinstall("A secret changed", []));
        var page = await OpenAsync($"/envs/demo/deployments/Web/{_shop.Id}");
        await CountClicksAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        var upgrade = page.Locator("tr.task").Filter(new() { HasText = "image_tag" });
        await Expect(upgrade.Locator(".actor")).ToContainTextAsync("ci-bot");
        await upgrade.GetByLabel("Details").ClickAsync();
        await Expect(page.Locator(".task-expanded")).ToContainTextAsync("1.5-broken");
        Assert.Equal(2, await ClicksAsync(page));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Which_deployments_the_CI_bot_has_touched_today_is_two_clicks_away()
    {
        await RunAsync(_shop, Alice);
        await RunAsync(_blog, s_bot);
        var page = await OpenAsync("/envs/demo");
        await CountClicksAsync(page);

        await page.Locator(".tabs").GetByText("Activity").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "CI bots today" }).ClickAsync();
        await Expect(page.Locator("[data-touched]")).ToHaveTextAsync(new Regex(@"^\s*1 deployment:\s*blog\s*1\s*$"));
        Assert.Equal(2, await ClicksAsync(page));

        await page.GotoAsync($"{Server.Url}tasks");
        await CountClicksAsync(page);
        await page.Locator(".actor").GetByText("ci-bot").ClickAsync();
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Today", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/tasks\?actor=bot%3A[0-9a-f-]{36}&range=today$"));
        await Expect(page.Locator("[data-touched]")).ToContainTextAsync("blog");
        Assert.Equal(2, await ClicksAsync(page));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task When_the_last_deploy_went_well_is_two_clicks_away()
    {
        var good = await RunAsync(_shop, Alice);
        for (var i = 0; i < 12; i++) // more than a page of others
        {
            await RunAsync(_shop, s_bot, outcome: DeploymentTaskStatus.Failed);
        }

        var page = await OpenAsync($"/envs/demo/deployments/Web/{_shop.Id}");
        await CountClicksAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Done 1" }).ClickAsync();
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await Expect(page.Locator($"tr[data-task='{good}'] .task-when")).ToContainTextAsync("ago");
        Assert.Equal(2, await ClicksAsync(page));
        Assert.Empty(Problems);
    }

    private Upgrade TagTo(string tag) => new(
        Chart.Id, Chart.Id, new JsonObject { ["image_tag"] = tag },
        new JsonObject { ["image_tag"] = new JsonArray("1.4", tag) }, null, null);

    private async Task<Guid> RunAsync(
        Deployment deployment, Actor actor, Operation? operation = null,
        DeploymentTaskStatus outcome = DeploymentTaskStatus.Done)
    {
        var id = await EnqueueAsync(TaskFor(deployment, operation) with { Actor = actor });
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var reason = outcome is DeploymentTaskStatus.Failed ? "It went wrong" : null;
        await Queue.FinishAsync([Done(task) with { Status = outcome, Reason = reason }]);
        return id;
    }

    private static Task<int> CountClicksAsync(IPage page) => page.EvaluateAsync<int>(
        "() => { document.addEventListener('click', () => window.clicks++, true); return window.clicks = 0; }");

    private static Task<int> ClicksAsync(IPage page) => page.EvaluateAsync<int>("window.clicks");
}
