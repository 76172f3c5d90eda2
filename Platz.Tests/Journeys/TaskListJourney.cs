using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>How a list of tasks behaves while things happen (ui.md 7.3), in a real browser.</summary>
public sealed class TaskListJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task No_row_moves_under_the_pointer_and_what_was_held_back_comes_when_it_leaves()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var second = await EnqueueAsync(deployment);
        var page = await OpenHistoryAsync(deployment);
        var row = Row(page, first);
        await row.HoverAsync();
        var before = await TopAsync(row);

        var third = await EnqueueAsync(deployment);
        await Expect(page.Locator(".newer")).ToHaveTextAsync("1 newer task");
        await CancelAsync(second); // the row above gets another line
        await Expect(Row(page, second).Locator(".chip")).ToHaveTextAsync("Canceled");
        Assert.Equal(before, await TopAsync(row), tolerance: 1.0);
        await Expect(Row(page, third)).ToHaveCountAsync(0);

        await page.Mouse.MoveAsync(5, 5);
        await Expect(Row(page, third)).ToBeVisibleAsync();
        await Expect(page.Locator(".newer")).ToHaveCountAsync(0);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Two_browsers_follow_one_task_and_unfolding_and_focus_outlive_its_changes()
    {
        var deployment = await AddDeploymentAsync();
        var id = await EnqueueAsync(deployment);
        IPage[] pages = [await OpenHistoryAsync(deployment), await OpenHistoryAsync(deployment)];
        var toggle = Row(pages[1], id).GetByLabel("Details");
        await toggle.FocusAsync();
        await pages[1].Keyboard.PressAsync("Enter");
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "true");

        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        foreach (var page in pages)
        {
            await Expect(Row(page, id).Locator(".chip")).ToContainTextAsync("Started");
        }

        await Queue.FinishAsync([Done(task)]);
        foreach (var page in pages)
        {
            await Expect(Row(page, id).Locator(".chip")).ToHaveTextAsync("Done");
        }

        await Expect(toggle).ToBeFocusedAsync();
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "true");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_hidden_tab_rests_and_catches_up_when_it_is_seen_again()
    {
        var deployment = await AddDeploymentAsync();
        var first = await EnqueueAsync(deployment);
        var (hidden, seen) = (await OpenHistoryAsync(deployment), await OpenHistoryAsync(deployment));
        await ShowAsync(hidden, "hidden");
        var toggle = Row(hidden, first).GetByLabel("Details");
        await toggle.ClickAsync(); // when this is answered, the server knows
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "true");
        await toggle.ClickAsync();
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "false");
        await hidden.Mouse.MoveAsync(1, 1);

        var second = await EnqueueAsync(deployment);
        await CancelAsync(first);
        await Expect(Row(seen, second)).ToBeVisibleAsync();
        await Expect(Row(seen, first).Locator(".chip")).ToHaveTextAsync("Canceled");
        await Expect(Row(hidden, first).Locator(".chip")).ToHaveTextAsync("Pending");
        await Expect(Row(hidden, second)).ToHaveCountAsync(0);

        await ShowAsync(hidden, "visible");
        await Expect(Row(hidden, second)).ToBeVisibleAsync();
        await Expect(Row(hidden, first).Locator(".chip")).ToHaveTextAsync("Canceled");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_rows_menu_is_used_by_keyboard_and_gives_the_focus_back()
    {
        var deployment = await AddDeploymentAsync();
        var id = await EnqueueAsync(deployment);
        var page = await OpenHistoryAsync(deployment);
        var menu = Row(page, id).GetByLabel("More");
        var items = Row(page, id).Locator(".menu-body");

        await menu.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(items.GetByText("Open")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(items).ToBeHiddenAsync();
        await Expect(menu).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter"); // cancel
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("It has not started");
        await Expect(page.GetByLabel("Reason (optional)")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(menu).ToBeFocusedAsync();
        Assert.Empty(Problems);
    }

    private async Task<IPage> OpenHistoryAsync(Deployment deployment)
    {
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        await Expect(page.Locator("tr.task")).Not.ToHaveCountAsync(0);
        return page;
    }

    private async Task CancelAsync(Guid id) =>
        Assert.Equal(CancelOutcome.Canceled, await Queue.CancelAsync(id, Alice, "to see it", Cancel));

    private static ILocator Row(IPage page, Guid id) => page.Locator($"tr[data-task='{id}']");

    private static async Task<double> TopAsync(ILocator row) => (await row.BoundingBoxAsync())!.Y;

    private static async Task ShowAsync(IPage page, string state) => await page.EvaluateAsync(
        """
        state => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, state);
}
