using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Identity;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>Somebody with one role in one env, in the real pages.</summary>
public sealed class MemberJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    // The commands of a task are there for everybody: their dialogs say who may.
    private static readonly Regex s_command = new("^(New|Add|Edit|Redeploy|Disable|Enable|Delete|Actions|Restart)");

    [Fact]
    public async Task A_member_looks_at_everything_in_the_env_and_is_offered_no_change_of_it()
    {
        var deployment = await AddDeploymentAsync();
        var task = await EnqueueAsync(deployment);
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        var page = await OpenAsync("/", bob.Id);
        var one = $"envs/demo/deployments/Web/{deployment.Id}";

        foreach (var (path, text) in new[]
        {
            ("envs", "demo"), ("envs/demo", "Web"), ("envs/demo/deployments", "shop"), ("envs/demo/deployments/Web", "shop"),
            (one, "shop"), ($"{one}/history", "Install"), ($"{one}/resources", "Nothing runs"),
            ("envs/demo/tasks", "shop"), ("tasks", "shop"), ($"tasks/{task}", "Install"), ("envs/demo/insight", "demo"),
            ("envs/demo/settings/secrets", "Secrets"),
        })
        {
            await page.GotoAsync($"{Server.Url}{path}");
            await Expect(page.Locator("main")).ToContainTextAsync(text);
            Assert.Equal((path, 0), (path, await page.Locator("main button, main a.btn").GetByText(s_command).CountAsync()));
        }

        await page.GotoAsync($"{Server.Url}settings");
        await Expect(page.Locator("main")).ToContainTextAsync("need a site admin");
        await page.GetByLabel("Account of bob").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Settings of the site" })).ToHaveCountAsync(0);
        await page.GetByText("Sign out").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Signed out");
        Assert.Empty(Problems);
    }
}
