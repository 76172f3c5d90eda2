using Microsoft.Extensions.DependencyInjection;
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
        await Queue.EnterPhaseAsync(task.Id, task.Fence, Phase.HelmUpgrade, null, Cancel);
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
}
