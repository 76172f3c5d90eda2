using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The database goes away and comes back while somebody is at work.</summary>
public sealed class DatabaseDownJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private const string NoAnswer = "The database does not answer";

    [Fact]
    public async Task Pages_say_so_and_come_back_by_themselves()
    {
        var deployment = await AddDeploymentAsync();
        var id = await EnqueueAsync(deployment);
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        var row = page.Locator($"tr[data-task='{id}']");
        await row.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Dialog(page)).ToContainTextAsync("Install");
        await CutDatabaseAsync();

        // A command says so, the page beneath stays and says that it may be old.
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Cancel the task" }).ClickAsync();
        await Expect(page.Locator(".mud-snackbar")).ToContainTextAsync(NoAnswer);
        await Expect(Dialog(page)).ToHaveCountAsync(0);
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.Locator(".cut")).ToBeVisibleAsync();

        // A page that is gone to says so, and so does the palette.
        await page.Locator(".top-nav").GetByText("Activity").ClickAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync(NoAnswer);
        await Expect(page.Locator(".cut")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync(NoAnswer);
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Locator(".palette-none")).ToContainTextAsync(NoAnswer);
        await page.Keyboard.PressAsync("Escape");

        // A page that is opened says so too, with no env to switch to.
        await page.ReloadAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync(NoAnswer);
        await Expect(page.Locator(".env-switcher")).ToHaveCountAsync(0);

        await RestoreDatabaseAsync();
        await Expect(page.Locator($"tr[data-task='{id}']")).ToBeVisibleAsync();
        await Expect(page.Locator(".env-switcher")).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync(new Regex("^Activity"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_page_that_the_server_cannot_even_begin_is_asked_for_again()
    {
        var page = await OpenAsync("/envs/demo");
        await Expect(page.Locator("h1")).ToHaveTextAsync("demo");
        await CutDatabaseAsync();
        await page.GotoAsync(new Uri(Server.Url, "/tasks/export.csv").ToString());
        await Expect(page.Locator("main")).ToContainTextAsync("The database cannot be reached at the moment.");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Try again" })).ToBeVisibleAsync();
        Assert.All(Problems, problem => Assert.Contains("503", problem, StringComparison.Ordinal));
    }

    private static ILocator Dialog(IPage page) => page.Locator(".mud-dialog");
}
