using System.Net;
using Microsoft.Playwright;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>From nothing to a deployment by a program: a site admin makes a bot in a real browser, the API is driven by it.</summary>
public sealed class BotJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_bot_is_made_given_a_role_and_a_token_and_deploys()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync("/settings/bots");
        await page.GetByText("New bot").ClickAsync();
        await page.GetByLabel("Name").FillAsync("ci");
        await page.GetByRole(AriaRole.Dialog).GetByText("Create", new() { Exact = true }).DblClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "ci" })).ToBeVisibleAsync();
        await Expect(page.GetByText("It may do nothing yet")).ToBeVisibleAsync();
        var bot = page.Url;

        await page.GotoAsync(new Uri(Server.Url, "/envs/demo/settings/roles").ToString());
        await page.GetByLabel("Give a role for Web").ClickAsync();
        await page.GetByLabel("Who").FillAsync("ci");
        await Expect(page.Locator(".found .badge")).ToHaveTextAsync("bot");
        await page.Locator(".found label", new() { HasText = "bot" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("Give the role").DblClickAsync();
        await Expect(page.Locator("td[data-role=Maintainer]")).ToContainTextAsync("ci");

        await page.GotoAsync(bot);
        await page.GetByText("New token").ClickAsync();
        await page.GetByLabel("Name").FillAsync("pipeline");
        await page.GetByText("Make the token").DblClickAsync();
        var token = await page.Locator("#new-token").TextContentAsync();
        await page.Keyboard.PressAsync("Escape"); // asks, and a second time stays
        await Expect(page.GetByText("Have you stored it?")).ToBeVisibleAsync();
        await page.GetByText("I have stored it").ClickAsync();
        await Expect(page.Locator("tr[data-token]")).ToHaveCountAsync(1); // a double click made one
        await Expect(page.Locator("#new-token")).ToHaveCountAsync(0); // the list may be told before the dialog has gone
        Assert.DoesNotContain(token!, await page.ContentAsync(), StringComparison.Ordinal);

        using var ci = Server.Client();
        ci.DefaultRequestHeaders.Add("x-platz-token", token);
        var one = $"/api/v2/deployments/{deployment.Id}";
        await AnswerAsync(ci.PutAsync(one, Body("""{"config":{"title":"new"}}"""), Cancel), HttpStatusCode.OK);
        await AnswerAsync(ci.PutAsync(one, Body("""{"enabled":false}"""), Cancel), HttpStatusCode.Forbidden);
        Assert.IsType<Upgrade>(Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Operation);
        await page.GotoAsync(new Uri(Server.Url, $"/envs/demo/deployments/Web/{deployment.Id}/history").ToString());
        await Expect(page.Locator("tr.task")).ToContainTextAsync("ci");
        Assert.Empty(Problems);
    }
}
