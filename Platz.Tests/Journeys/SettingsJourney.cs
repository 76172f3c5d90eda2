using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>What runs, secrets, scheduling and tag formats in a real browser; watch and queue are driven as a runner would.</summary>
public sealed class SettingsJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_part_of_a_deployment_is_restarted_and_followed_to_the_history()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/resources");
        await Expect(page.GetByText("Nothing runs")).ToBeVisibleAsync();

        await AddPodAsync(deployment, "web-shop-0");
        await page.GetByLabel("Restart Pod web-shop-0").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("whatever owns it makes another");
        await page.GetByRole(AriaRole.Dialog).GetByText("Restart", new() { Exact = true }).DblClickAsync();

        var row = page.Locator("tr[data-resource=web-shop-0]");
        await Expect(row).ToContainTextAsync("Restart queued");
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)); // a double click made one
        await Expect(row).ToContainTextAsync("Restarting");
        await Queue.FinishAsync([Done(task) with { Revision = RevisionChange.Keep }]);
        await Expect(page.GetByLabel("Restart Pod web-shop-0")).ToBeVisibleAsync();

        await page.GetByText("Show it").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/history$"));
        await Expect(page.Locator("tr.task")).ToContainTextAsync("web-shop-0");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_secret_is_added_changed_and_its_user_seen_reinstalling_with_the_reason()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync("/envs/demo");
        await page.Locator(".tabs").GetByText("Settings").ClickAsync();
        await page.Locator(".tabs").GetByText("Secrets").ClickAsync();
        await page.GetByText("Add a secret").ClickAsync();
        await page.GetByLabel("Collection").FillAsync("databases");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("orders");
        await page.GetByLabel("Contents").FillAsync("open sesame");
        await page.GetByText("Save", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody th")).ToHaveTextAsync("orders");

        await using (var db = await DbAsync())
        {
            var secret = await db.Secrets.SingleAsync(Cancel);
            db.Add(new DeploymentDependency
            {
                DeploymentId = deployment.Id,
                Kind = DependencyKind.Secret,
                TargetId = secret.Id,
            });
            await db.SaveChangesAsync(Cancel);
        }

        await page.ReloadAsync();
        await page.GetByLabel("Change databases/orders").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1 deployment uses this secret");
        await Expect(page.GetByRole(AriaRole.Dialog)).Not.ToContainTextAsync("sesame");
        await page.GetByLabel("New contents").FillAsync("open barley");
        await page.GetByText("Save", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByText("the deployment that uses it is reinstalled")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(Server.Url, $"/envs/demo/deployments/Web/{deployment.Id}/history").ToString());
        await Expect(page.Locator("tr.task")).ToContainTextAsync("secret databases/orders changed");
        await page.GetByLabel("Details").ClickAsync();
        await Expect(page.Locator(".causes li")).ToContainTextAsync("by Alice");
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_tag_format_is_written_with_the_keyboard_while_its_reading_is_shown()
    {
        var page = await OpenAsync("/settings/tag-formats");
        await page.GetByText("New tag format").PressAsync("Enter");
        await page.GetByLabel("Pattern").FillAsync(@"^(?<version>\d+)\.(?<revision>\d+)\.\d+$");
        await Expect(page.Locator(".tag-fits li")).ToContainTextAsync("revision 0");

        await page.GetByLabel("Pattern").PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("tbody code").First).ToContainTextAsync("<revision>");
        Assert.Empty(Problems);
    }

    private async Task AddPodAsync(Deployment deployment, string name)
    {
        await using var db = await DbAsync();
        db.Add(new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = deployment.Id,
            Kind = "Pod",
            ApiVersion = "v1",
            Name = name,
            CreatedAt = DateTimeOffset.UnixEpoch,
            State = "Running",
            Ready = 1,
            Desired = 1,
        });
        await db.SaveChangesAsync(Cancel);
    }
}
