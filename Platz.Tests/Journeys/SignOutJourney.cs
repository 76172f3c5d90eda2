using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>Two tabs of one browser.</summary>
public sealed class SignOutJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task Who_signs_out_in_one_tab_does_nothing_in_the_other_any_more()
    {
        var deployment = await AddDeploymentAsync();
        var task = await EnqueueAsync(deployment);
        var page = await OpenAsync($"/tasks/{task}");
        await page.Locator("[data-act=cancel]").ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("Cancel this task?");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(new Uri(Server.Url, "/envs").ToString());
        await other.GetByLabel("Account of Alice").ClickAsync();
        await other.GetByText("Sign out").ClickAsync();
        await Expect(other.Locator("h1")).ToHaveTextAsync("Signed out");

        await Expect(page.Locator("h1")).ToHaveTextAsync("Signed out"); // without a click
        await Expect(dialog).ToHaveCountAsync(0);
        await page.GetByText("Load the page again").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("You are not signed in");
        await using var db = await DbAsync();
        Assert.Equal(DeploymentTaskStatus.Pending, await db.Tasks.Select(t => t.Status).SingleAsync(Cancel));
    }

    [Fact]
    public async Task Who_is_deactivated_while_a_page_is_open_changes_nothing_with_it()
    {
        var deployment = await AddDeploymentAsync();
        var bob = await AddUserAsync("bob", isAdmin: true);
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/edit");
        var save = page.Locator(".form-foot button");
        await Expect(save).ToBeEnabledAsync();

        Assert.IsType<SettingResult.Saved>(await Server.Services.GetRequiredService<UserEditor>().UpdateAsync(
            Alice.Id, isAdmin: null, isActive: false, new Actor.User(bob.Id, bob.DisplayName), Cancel));
        await page.EvaluateAsync("() => document.querySelector('.form-foot button')?.click()"); // where it is still there

        await Expect(page.Locator("h1")).ToHaveTextAsync("Signed out");
        await using var db = await DbAsync();
        Assert.False(await db.Tasks.AnyAsync(Cancel));
    }
}
