using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The keyboard map in a real browser.</summary>
public sealed class KeyboardJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task Rows_are_walked_and_unfolded_by_keys()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var second = await EnqueueAsync(deployment);
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator($"tr[data-task='{second}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j"); // the last one stays
        await Expect(page.Locator($"tr[data-task='{first}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".task-expanded")).ToBeVisibleAsync();
        await Expect(page.Locator($"tr[data-task='{first}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator($"tr[data-task='{second}']")).ToBeFocusedAsync();

        var row = page.Locator($"tr[data-task='{first}']");
        await page.Locator($"tr[data-task='{second}']").HoverAsync(); // where the pointer rests, keys scroll all the same
        var end = (await row.BoundingBoxAsync())!;
        await page.SetViewportSizeAsync(1_280, (int)(end.Y + (end.Height / 2)));
        await page.Keyboard.PressAsync("j");
        await Expect(row).ToBeInViewportAsync(new() { Ratio = 0.99f });
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_key_cancels_retries_and_opens_the_task_of_the_chosen_row()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(task) with { Status = DeploymentTaskStatus.Failed, Reason = "no" }]);
        var pending = await EnqueueAsync(deployment);
        var page = await OpenAsync("/envs/demo/tasks");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        await page.Keyboard.PressAsync("c"); // no row is chosen
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("r"); // what waits is not retried: no second dialog in what follows
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Cancel this task?");
        await Expect(page.GetByLabel("Reason (optional)")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator($"tr[data-task='{pending}']")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Retry this task?");
        await page.GetByRole(AriaRole.Dialog).GetByText("Keep it as it is").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new Regex($"/tasks/{task.Id}$"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Two_keys_lead_to_the_places_of_the_env_one_is_in()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}");
        await Expect(page.Locator(".tabs")).ToBeVisibleAsync();

        await GoAsync(page, "h", $"/{deployment.Id}/history$", "shop · Web · demo");
        await Expect(page.GetByText("Nothing has happened yet")).ToBeVisibleAsync();
        await GoAsync(page, "a", "/envs/demo/tasks$", "Activity · demo");
        await GoAsync(page, "i", "/envs/demo/insight$", "Insight · demo");
        await GoAsync(page, "d", "/envs/demo$", "demo");
        await GoAsync(page, "e", "/envs$", "Envs");
        await GoAsync(page, "a", "(?<!demo)/tasks$", "Activity");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Keys_mean_nothing_while_one_types_or_with_another_key_held_or_under_a_dialog()
    {
        await AddDeploymentAsync();
        var page = await OpenAsync("/envs/demo/deployments/Web");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        var help = page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("?jge");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("?jge");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Alt+j");
        await Expect(page.Locator("tbody tr:focus")).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("?");
        await Expect(help).ToContainTextAsync("Next row");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("tbody tr:focus")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(help).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/deployments/Web/[0-9a-f-]{36}$"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_menu_closes_for_who_tabs_out_of_it_and_stays_when_the_page_takes_the_focus()
    {
        var page = await OpenAsync("/envs");
        var item = page.GetByText("Sign out");
        await page.GetByLabel("Account of Alice").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveAttributeAsync("tabindex", "-1"); // it has taken the focus once
        await page.EvaluateAsync("document.querySelector('h1').focus()");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await Expect(item).ToBeVisibleAsync();

        await page.GetByLabel("Account of Alice").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(item).ToBeVisibleAsync(); // at its first entry
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(item).ToBeHiddenAsync();
        Assert.Empty(Problems);
    }

    private static async Task GoAsync(IPage page, string key, string address, string title)
    {
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync(key);
        await Expect(page).ToHaveURLAsync(new Regex(address));
        await Expect(page).ToHaveTitleAsync($"{title} · Platz"); // its links are there, those of the page before are not
    }
}
