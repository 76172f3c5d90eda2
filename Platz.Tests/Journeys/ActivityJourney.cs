using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>What happens in an env and in all, in a real browser; the queue is driven as a runner would.</summary>
public sealed class ActivityJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
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
    public async Task A_filter_is_picked_shown_removed_and_kept_by_address_and_history()
    {
        var done = await RunAsync(_shop, Alice);
        var failed = await RunAsync(_blog, Alice, DeploymentTaskStatus.Failed);
        var page = await OpenAsync("/envs/demo/tasks");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Locator("[data-pick=status] summary").ClickAsync();
        await page.Locator("[data-pick=status]").GetByText("Failed").ClickAsync();
        await Expect(Row(page, done)).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-pick=status] .pick-body")).ToBeVisibleAsync(); // for another value
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-pick=status] summary")).ToBeFocusedAsync();
        await page.Locator("[data-pick=deployment] summary").ClickAsync();
        await page.Locator("[data-pick=deployment]").GetByRole(AriaRole.Searchbox).FillAsync("sho");
        await page.Locator("[data-pick=deployment] .pick-item").GetByText("shop").ClickAsync();
        await Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?status=Failed&deployment=[0-9a-f-]{36}$"));

        await page.ReloadAsync();
        await Expect(page.Locator(".filters-chips li")).ToHaveTextAsync(["Failed", "shop", "Clear all"]);
        await page.GetByLabel("Remove: shop").ClickAsync();
        await Expect(Row(page, failed)).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await page.GetByText("Clear all").ClickAsync();
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("went WRONG");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?q=went%20WRONG$"));
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-act=filter]")).ToBeFocusedAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Choices_are_walked_and_made_by_keys_alone()
    {
        var failed = await RunAsync(_blog, Alice, DeploymentTaskStatus.Failed);
        await RunAsync(_shop, Alice);
        var page = await OpenAsync("/envs/demo/tasks");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Locator("[data-pick=kind] summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-pick=kind] .pick-item")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("[data-pick=status] summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-pick=status] .pick-item")).ToHaveCountAsync(5);
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator("[data-pick=status] .pick-item").GetByText("Failed")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await Expect(Row(page, failed)).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_filter_is_kept_under_a_name_and_opened_by_it()
    {
        var failed = await RunAsync(_blog, Alice, DeploymentTaskStatus.Failed);
        await RunAsync(_shop, Alice);
        var page = await OpenAsync("/envs/demo/tasks?status=Failed&range=7d");
        await page.Locator("[data-pick=views] summary").ClickAsync();
        await page.GetByText("Keep this filter").ClickAsync();
        await Expect(page.GetByLabel("Name")).ToBeFocusedAsync(); // by then the dialog knows where the focus was
        await page.Keyboard.TypeAsync("Broken this week");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-pick=views] summary")).ToContainTextAsync("Broken this week");
        await Expect(page.Locator("[data-pick=views] summary")).ToBeFocusedAsync();

        await page.GotoAsync($"{Server.Url}envs/demo/tasks");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);
        await page.Locator("[data-pick=views] summary").ClickAsync();
        await page.Locator("[data-pick=views]").GetByText("Broken this week").ClickAsync();
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await Expect(Row(page, failed)).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?status=Failed&range=7d$"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task No_row_moves_under_the_pointer_when_something_starts_above_it()
    {
        var done = await RunAsync(_shop, Alice);
        var page = await OpenAsync("/envs/demo/tasks");
        await Row(page, done).HoverAsync();
        var before = (await Row(page, done).BoundingBoxAsync())!.Y;

        var id = await EnqueueAsync(_blog);
        await Expect(page.GetByText("1 more has been queued")).ToBeVisibleAsync();
        Assert.Equal(before, (await Row(page, done).BoundingBoxAsync())!.Y, tolerance: 1f);
        await Expect(Row(page, id)).ToHaveCountAsync(0);

        await page.Mouse.MoveAsync(5, 5);
        await Expect(page.Locator("[aria-label=Queued]").Locator($"tr[data-task='{id}']")).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen_and_choices_come_up_from_below()
    {
        await RunAsync(_shop, s_bot);
        await EnqueueAsync(_blog);
        var page = await OpenAsync("/envs");
        await page.SetViewportSizeAsync(400, 800);
        await page.GotoAsync($"{Server.Url}tasks?by=bots&range=7d");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);

        Assert.Equal(0, await page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.Locator("[data-pick=op] summary").ClickAsync();
        var sheet = await page.Locator("[data-pick=op] .pick-body").BoundingBoxAsync();
        Assert.Equal(800, sheet!.Y + sheet.Height, tolerance: 1f);
        Assert.Equal(400, sheet.Width, tolerance: 1f);
        Assert.Empty(Problems);
    }

    private async Task<Guid> RunAsync(
        Deployment deployment, Actor actor, DeploymentTaskStatus outcome = DeploymentTaskStatus.Done)
    {
        var id = await EnqueueAsync(TaskFor(deployment) with { Actor = actor });
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var reason = outcome is DeploymentTaskStatus.Failed ? "It went wrong" : null;
        await Queue.FinishAsync([Done(task) with { Status = outcome, Reason = reason }]);
        return id;
    }

    private static ILocator Row(IPage page, Guid id) => page.Locator($"tr[data-task='{id}']");
}
