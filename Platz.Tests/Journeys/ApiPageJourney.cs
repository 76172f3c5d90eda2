using Microsoft.Playwright;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

public sealed class ApiPageJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task The_api_is_read_from_the_menu_to_an_example()
    {
        var page = await OpenAsync("/envs");
        await Expect(page.Locator(".card")).ToBeVisibleAsync(); // a menu that is opened before is closed by what comes
        await page.GetByLabel("Account of Alice").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "The API" }).ClickAsync();
        await page.GetByPlaceholder("Search").Last.FillAsync("retry");
        await Expect(page.Locator(".api-line")).ToHaveCountAsync(1);

        await page.Locator(".api-line").ClickAsync();

        await Expect(page.Locator(".api-curl")).ToContainTextAsync("/api/v2/deployment-tasks/ID/retry");
        await Expect(page.Locator(".api-line")).ToHaveCountAsync(1); // still what was looked for
        await page.ReloadAsync();
        await Expect(page.Locator(".api-curl")).ToBeVisibleAsync();
        await page.Locator(".api-line").ClickAsync();
        await Expect(page.Locator(".api-curl")).ToHaveCountAsync(0);
        Assert.Empty(Problems);
    }
}
