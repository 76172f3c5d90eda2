using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The form of a deployment in a real browser.</summary>
public sealed class FormJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_deployment_is_typed_corrected_and_created()
    {
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        await page.Locator("#name").PressSequentiallyAsync("Shop");
        await Expect(page.Locator("#name-error")).ToContainTextAsync("lower-case letters"); // while one types
        await page.Locator("#name").FillAsync("shop");
        await Expect(page.Locator("#name-hint")).ToContainTextAsync("web-shop");

        await page.GetByText("Create and install").ClickAsync();
        await Expect(page.Locator("#chart-error")).ToHaveTextAsync("Choose a chart version.");

        await page.Locator("#chart").ClickAsync();
        await page.Locator(".mud-list-item").ClickAsync();
        await Expect(page.Locator("#chart")).ToHaveValueAsync("1.0.0");
        var config = page.GetByRole(AriaRole.Textbox, new() { Name = "Config" });
        await config.FillAsync("replicas: 2\nimage: [\n");
        await Expect(page.Locator("#config-error")).ToContainTextAsync("Line ");
        await Expect(page.Locator(".cm-lint-marker-error")).ToHaveCountAsync(1);
        var large = $"replicas: 2\ntext: {new string('x', 150_000)}\n"; // five times what a circuit takes by default
        await config.FillAsync(large);
        await page.GetByText("Create and install").DblClickAsync();

        await Expect(page.Locator("tr.task .chip")).ToHaveTextAsync("Pending");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/history$"));
        await using var db = await DbAsync();
        var install = Assert.IsType<Install>(Assert.Single(db.Tasks).Operation);
        Assert.Equal(150_000, install.ConfigInputs["text"]!.GetValue<string>().Length);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_lost_server_is_said_while_what_was_typed_stays()
    {
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        var typed = page.GetByRole(AriaRole.Textbox, new() { Name = "Values override" });
        await typed.FillAsync("replicas: 2");
        await Expect(page.Locator(".reconnect")).ToBeHiddenAsync();

        await Server.Services.GetRequiredService<IHost>().StopAsync(Cancel);

        await Expect(page.Locator(".reconnect")).ToBeVisibleAsync();
        await Expect(page.Locator(".reconnect")).ToContainTextAsync("What you typed is still here");
        await Expect(typed).ToHaveTextAsync("replicas: 2");
    }

    [Fact]
    public async Task The_theme_is_kept_in_the_browser_and_there_from_the_first_paint()
    {
        var page = await OpenAsync("/envs/demo");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");

        await page.GetByLabel("Theme").ClickAsync();
        await page.GetByText("Dark", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(page.Locator("html")).ToHaveCSSAsync("--mud-palette-surface", "rgba(25,31,40,1)");
        await Expect(page.GetByLabel("Theme")).ToBeFocusedAsync();

        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "demo" })).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var page = await OpenAsync("/envs/demo");

        await page.GetByLabel("Account of Alice").ClickAsync();
        await page.GetByText("Sign out").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Signed out");
        await page.GotoAsync(new Uri(Server.Url, "/envs").ToString());
        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You are not signed in");
    }
}
