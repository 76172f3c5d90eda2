using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>How times are shown, chosen in a browser that is in Kathmandu.</summary>
public sealed class TimesJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_click_on_a_time_shows_all_the_other_way_and_a_reload_keeps_that()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        await EnqueueAsync(TaskFor(deployment, new Uninstall()));
        var page = await OpenAsync("/envs");
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Emulation.setTimezoneOverride", new() { ["timezoneId"] = "Asia/Kathmandu" });
        await page.GotoAsync($"{Server.Url}envs/demo/deployments/Web/{deployment.Id}/history");
        var times = page.Locator("td time");
        await Expect(times.First).ToContainTextAsync("ago");

        await times.First.ClickAsync();

        await Expect(times.First).ToHaveTextAsync(Exact("\\+05:45"));
        await Expect(times.Last).ToHaveTextAsync(Exact("\\+05:45"));
        await page.ReloadAsync();
        await Expect(times.First).ToHaveTextAsync(Exact("\\+05:45"));

        await page.GetByLabel("How times are shown").ClickAsync();
        await page.GetByText("UTC", new() { Exact = true }).ClickAsync();
        await Expect(times.First).ToHaveTextAsync(Exact("UTC"));
        await times.Last.ClickAsync();
        await Expect(times.First).ToContainTextAsync("ago");
        Assert.Empty(Problems);
    }

    private static System.Text.RegularExpressions.Regex Exact(string zone) =>
        new($@"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d {zone}$");
}
