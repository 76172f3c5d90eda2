using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The history in a real browser; the queue is driven as a runner would.</summary>
public sealed class HistoryJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task An_open_history_shows_a_task_wait_run_and_end_without_a_reload()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history");
        await Expect(page.GetByText("Nothing has happened yet")).ToBeVisibleAsync();
        await page.EvaluateAsync("window.sameDocument = true");

        var id = await EnqueueAsync(deployment);
        var row = page.Locator($"tr[data-task='{id}']");
        await Expect(row).ToContainTextAsync("Pending");
        await Expect(row).ToContainTextAsync("Waits for a free runner");

        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Expect(row).ToContainTextAsync("Started");
        await Queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
        await Expect(row).ToContainTextAsync(Phase.HelmUpgrade);

        await row.GetByLabel("Details").ClickAsync();
        var log = await Services.GetRequiredService<TaskLog>()
            .OpenAsync(id, task.Fence, new(1 << 20, 1 << 20), new([]), Cancel);
        log.AddOutput(
            "Release \"web-shop\" does not exist. Installing it now.", DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        await log.FlushAsync(Cancel);
        await Expect(page.Locator(".log-line")).ToContainTextAsync("Installing it now.");
        log.AddOutput("STATUS: deployed", DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        await log.FlushAsync(Cancel);
        await Expect(page.Locator(".log-line").Last).ToContainTextAsync("STATUS: deployed");

        await Queue.FinishAsync([Done(task)]);
        await Expect(row.Locator(".chip")).ToHaveTextAsync("Done");
        await Expect(page.Locator(".log-line")).ToHaveCountAsync(2); // still unfolded
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task What_a_filter_shows_is_canceled_together_and_nothing_else()
    {
        var deployment = await AddDeploymentAsync();
        var running = await EnqueueAsync(deployment);
        Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Guid[] waiting = [await EnqueueAsync(deployment), await EnqueueAsync(deployment)];
        var removal = await EnqueueAsync(TaskFor(deployment, new Uninstall()));
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/history?op=Install");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel these" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("2 tasks of this filter are waiting");
        await Expect(dialog).ToContainTextAsync("canceled at once, and nothing is changed");
        await dialog.GetByLabel("Reason (optional)").FillAsync("the wrong release");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel 2 tasks" }).DblClickAsync();

        await Expect(page.GetByText("2 canceled.")).ToBeVisibleAsync();
        await page.Mouse.MoveAsync(1, 1);
        foreach (var id in waiting)
        {
            await Expect(page.Locator($"tr[data-task='{id}'] .chip")).ToHaveTextAsync("Canceled");
        }

        await Expect(page.Locator($"tr[data-task='{running}'] .chip")).ToContainTextAsync("Started");
        Assert.Equal(DeploymentTaskStatus.Pending, (await History.FindAsync(removal, Cancel))!.Status);
        Assert.Empty(Problems);
    }
}
