using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Platz.Core.Resources;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>What deployments manage for others, from the env's own page on, in a real browser.</summary>
public sealed class ManagedResourcesJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task A_database_is_made_edited_and_deleted()
    {
        var provider = await AddDeploymentAsync("provider");
        await using (var db = await DbAsync())
        {
            await ManagedDatabases.InstallAsync(db, Env.Id, provider, await EnqueueAsync(provider), Cancel);
        }

        var page = await OpenAsync("/envs/demo");
        await page.GetByRole(AriaRole.Link, new() { Name = "Databases" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New Database" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("orders");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByText("This is needed.")).ToBeVisibleAsync();
        await page.GetByLabel("Owner").FillAsync("alice");
        await page.GetByLabel("Password").FillAsync("hunter2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "orders" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-sync]")).ToHaveTextAsync("Creating");

        await EndAsync("the disk is full");
        await Expect(page.GetByText("It could not be created: the disk is full")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.Locator("[data-sync]")).ToHaveTextAsync("Creating");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.GetByLabel("Owner").FillAsync("bob");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("bob")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.Locator("[data-sync]")).ToHaveTextAsync("Deleting");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Edit" })).ToHaveCountAsync(0);
        Assert.DoesNotContain("hunter2", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(Problems);
    }

    /// <summary>As a runner leaves it after a call that failed.</summary>
    private async Task EndAsync(string reason)
    {
        await using var db = await DbAsync();
        await db.Resources.ExecuteUpdateAsync(set => set.SetProperty(r => r.SyncStatus, ResourceSyncStatus.Error)
            .SetProperty(r => r.FailedSync, ResourceSyncStatus.Creating).SetProperty(r => r.SyncReason, reason)
            .SetProperty(r => r.SyncAt, (DateTimeOffset?)null), Cancel);
    }
}
