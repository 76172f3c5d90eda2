using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The command palette in a real browser.</summary>
public sealed class PaletteJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_few_keys_lead_to_a_deployment_and_next_time_it_is_offered_unasked()
    {
        await AddDeploymentAsync("shop");
        var deployment = await AddDeploymentAsync("shop-two");
        var page = await OpenAsync("/envs/demo");
        var palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Jump to" });
        await page.GetByRole(AriaRole.Link, new() { Name = "Activity" }).First.FocusAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Option).First).ToContainTextAsync("Deployments");
        await page.Keyboard.TypeAsync("shop");
        await Expect(palette.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await Expect(Chosen(palette)).ToContainTextAsync("shop");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Chosen(palette)).ToContainTextAsync("shop-two");
        Assert.Equal(
            await Chosen(palette).GetAttributeAsync("id"),
            await palette.GetByRole(AriaRole.Combobox).GetAttributeAsync("aria-activedescendant"));
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex($"/envs/demo/deployments/Web/{deployment.Id}$"));
        await Expect(palette).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Group, new() { Name = "Recent" })).ToContainTextAsync("shop-two");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Enter_that_is_faster_than_the_answer_still_goes_to_the_best_match()
    {
        var deployment = await AddDeploymentAsync("shop");
        var page = await OpenAsync("/envs/demo");
        await Expect(page.Locator(".tabs")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("shop");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex($"/{deployment.Id}$"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Escape_puts_the_focus_back_and_a_button_does_for_those_without_a_keyboard()
    {
        var page = await OpenAsync("/envs/demo");
        var palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Jump to" });
        var tab = page.Locator(".tabs").GetByText("Activity");
        await tab.FocusAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");

        await Expect(palette).ToBeHiddenAsync();
        await Expect(tab).ToBeFocusedAsync();

        await page.Locator("[data-open=palette]").ClickAsync();
        await palette.GetByRole(AriaRole.Option, new() { Name = "Secrets" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/envs/demo/settings/secrets$"));
        Assert.Empty(Problems);
    }

    private static ILocator Chosen(ILocator palette) => palette.Locator("[role=option][aria-selected=true]");
}
