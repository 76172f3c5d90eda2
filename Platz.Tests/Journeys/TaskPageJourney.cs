using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>From a row to the page of its task, and from there to what it has to do with.</summary>
public sealed class TaskPageJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_task_is_opened_from_its_row_and_followed_from_page_to_page()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var retry = await EnqueueAsync(TaskFor(deployment) with { RetryOfTaskId = first });
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        await page.EvaluateAsync("window.sameDocument = true");

        await page.Locator($"tr[data-task='{retry}'] a.op-name").ClickAsync();
        await Expect(page).ToHaveURLAsync(EndsWith($"/tasks/{retry}"));
        await Expect(page).ToHaveTitleAsync(Titled("Install of shop · Pending"));
        await Expect(Icon(page)).ToHaveAttributeAsync("href", new Regex(@"^favicon\.[^-]*svg$"));
        await Expect(page.Locator("[data-wait]")).ToContainTextAsync("Next in line, behind Install");

        await page.Locator("[data-wait] a").ClickAsync();
        await Expect(page).ToHaveURLAsync(EndsWith($"/tasks/{first}"));
        await Expect(page.Locator(".related")).ToContainTextAsync("Retried by");
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Expect(page).ToHaveTitleAsync(Titled("● Install of shop · Started"));
        await Expect(Icon(page)).ToHaveAttributeAsync("href", new Regex("favicon-running"));
        await Queue.FinishAsync([Done(task)]);
        await Expect(page).ToHaveTitleAsync(new Regex("^Install of shop · Done"));
        await Expect(Icon(page)).Not.ToHaveAttributeAsync("href", new Regex("favicon-running"));

        await page.GetByText("Raw JSON").ClickAsync();
        await Expect(page.Locator("#raw-task")).ToContainTextAsync($"\"id\": \"{first}\"");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Expect(page.Locator("#said")).ToHaveTextAsync("Copied");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Filters_of_the_history_stand_in_its_address_and_the_way_back_works()
    {
        var deployment = await AddDeploymentAsync();
        var done = await EnqueueAsync(deployment);
        await Queue.FinishAsync([Done(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)))]);
        var pending = await EnqueueAsync(deployment);
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Locator(".quick", new() { HasText = "Done" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(EndsWith("/history?status=Done"));
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        await Expect(page.Locator($"tr[data-task='{done}']")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Expect(page.Locator(".quick[aria-current]")).ToHaveTextAsync(new Regex("Done"));
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);

        await page.Locator(".filters-chips a").First.ClickAsync();
        await Expect(page.Locator($"tr[data-task='{pending}']")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(EndsWith("/history?status=Done"));
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        Assert.Empty(Problems);
    }

    private static ILocator Icon(IPage page) => page.Locator("link[rel=icon]");

    private static Regex EndsWith(string address) => new(Regex.Escape(address) + "$");

    private static Regex Titled(string words) => new(Regex.Escape(words));
}
