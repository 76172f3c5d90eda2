using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>A half-filled form, and the web process is stopped and started again beneath it.</summary>
public sealed partial class RestartJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    /// <summary>The browser tries again at growing intervals.</summary>
    private static readonly LocatorAssertionsToBeVisibleOptions s_patience = new() { Timeout = 30_000 };

    private const string KeptTexts = "() => JSON.stringify(Object.values(sessionStorage))";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(SampleSchema.Into(NewChart("1.0.1"), "kitchen-sink", "1.0.0"));
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task A_half_filled_form_comes_back_by_itself_and_is_saved_once()
    {
        var page = await FillAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("nothing that a reload would lose");
        await page.Keyboard.PressAsync("Escape");
        await page.EvaluateAsync("scrollTo(0, 300)");

        await RestartServerAsync(async () =>
        {
            await Expect(page.Locator(".reconnect")).ToContainTextAsync("What you typed is still here");
            await page.GetByLabel("Title").FillAsync("Typed with nobody there");
            await page.GetByLabel("Debugging").CheckAsync();
        });

        await Expect(page.Locator("[data-restored]")).ToBeVisibleAsync(s_patience); // without a click
        await ExpectFormAsync(page, "Typed with nobody there");
        await Expect(page.GetByLabel("Debugging")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("trace")).ToBeVisibleAsync(); // what the server makes of it
        Assert.InRange(await page.EvaluateAsync<int>("scrollY"), 200, 400);

        await page.GetByText("Create and install").DblClickAsync();
        await Expect(page.Locator("tr.task .chip")).ToHaveTextAsync("Pending");
        var deployment = Assert.Single(await DeploymentsAsync());
        Assert.Equal("Typed with nobody there", deployment.Config["title"]!.GetValue<string>());
        Assert.Equal("# mine\na: 1", deployment.ValuesOverrideYaml);
        Assert.Single(await TasksAsync());

        await page.GotoAsync(new Uri(Server.Url, "/envs/demo/deployments/Web/new").ToString());
        await Expect(page.Locator("#name")).ToHaveValueAsync(""); // it was saved: nothing is kept any more
        await Expect(page.Locator("[data-restored]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_secret_is_kept_nowhere_and_asked_about_before_the_page_is_loaded_again()
    {
        var page = await FillAsync();
        await page.GetByLabel("Password of the admin").FillAsync("hunter2");
        await page.GetByLabel("Title").FillAsync("After the secret");
        await page.WaitForFunctionAsync($"() => ({KeptTexts})().includes('After the secret')");

        await RestartServerAsync(() => Expect(page.Locator(".reconnect")).ToBeVisibleAsync());

        await Expect(page.Locator(".reconnect-loses")).ToBeVisibleAsync(s_patience);
        Assert.DoesNotContain("hunter2", await page.EvaluateAsync<string>(KeptTexts), StringComparison.Ordinal);
        await page.Locator("[data-reconnect=reload]").ClickAsync();
        await Expect(page.Locator("[data-restored]")).ToContainTextAsync("Secrets are not kept");
        await ExpectFormAsync(page, "After the secret");
        await Expect(page.GetByLabel("Password of the admin")).ToHaveValueAsync("");

        await page.GetByRole(AriaRole.Button, new() { Name = "Discard it" }).ClickAsync();
        await Expect(page.Locator("#name")).ToHaveValueAsync("");
        await page.ReloadAsync();
        await Expect(page.Locator("#chart")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-restored]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_typed_while_the_connection_is_lost_is_told_when_it_is_back()
    {
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        await page.Locator("#name").FillAsync("before");
        await Expect(page.Locator("#name-hint")).ToContainTextAsync("web-before");
        await SetBannerAsync(page, "components-reconnect-show");

        await page.Locator("#name").FillAsync("meanwhile");
        await page.GetByText("Show the final values").ClickAsync();
        await Expect(page.GetByText("Choose a cluster and a chart version")).ToBeVisibleAsync(); // it does hear clicks
        await Expect(page.Locator("#name-hint")).ToContainTextAsync("web-before");

        await SetBannerAsync(page, "");
        await Expect(page.Locator("#name-hint")).ToContainTextAsync("web-meanwhile");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_form_that_is_left_for_good_is_forgotten()
    {
        var page = await FillAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(EndOfKind());

        await page.GotoAsync(new Uri(Server.Url, "/envs/demo/deployments/Web/new").ToString());
        await Expect(page.Locator("#name")).ToHaveValueAsync("");
    }

    private async Task<IPage> FillAsync()
    {
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        await page.Locator("#name").FillAsync("shop");
        await page.Locator("#chart").ClickAsync();
        await page.Locator(".mud-list-item").Filter(new() { HasText = "1.0.1" }).ClickAsync();
        await page.GetByLabel("Title").FillAsync("Our shop");
        await page.GetByLabel("Large").CheckAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Values override" }).FillAsync("# mine\na: 1");
        await page.Locator("#description").FillAsync("For *all*");
        await page.WaitForFunctionAsync($"() => ({KeptTexts})().includes('For *all*')");
        return page;
    }

    /// <summary>What Blazor does to it when the connection comes and goes.</summary>
    private static async Task SetBannerAsync(IPage page, string state) => await page.EvaluateAsync(
        "state => { document.getElementById('components-reconnect-modal').className = `reconnect ${state}`; }", state);

    private static async Task ExpectFormAsync(IPage page, string title)
    {
        await Expect(page.Locator("#name")).ToHaveValueAsync("shop");
        await Expect(page.Locator("#chart")).ToHaveValueAsync("1.0.1");
        await Expect(page.GetByLabel("Title")).ToHaveValueAsync(title);
        await Expect(page.GetByLabel("Large")).ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Values override" })).ToContainTextAsync("# mine");
        await Expect(page.Locator("#description")).ToHaveValueAsync("For *all*");
    }

    private async Task<List<Deployment>> DeploymentsAsync()
    {
        await using var db = await DbAsync();
        return [.. db.Deployments];
    }

    private async Task<List<Guid>> TasksAsync()
    {
        await using var db = await DbAsync();
        return [.. db.Tasks.Select(t => t.Id)];
    }

    [GeneratedRegex("/deployments/Web$")]
    private static partial Regex EndOfKind();
}
