using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>From a failure to its line in the log, from a picture to its task, and from a list to a file, in a real browser.</summary>
public sealed class WhyAndHowOftenJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private const string Cause = "container web: ImagePullBackOff Back-off pulling image \"shop/web:9\"";

    private Deployment _shop = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shop = await AddDeploymentAsync();
    }

    [Fact]
    public async Task An_explanation_leads_to_the_line_that_it_was_found_in()
    {
        var task = await FailAsync("first", Cause, "last");
        var page = await OpenAsync($"/tasks/{task}");
        await Expect(page.Locator(".explanation-title")).ToHaveTextAsync("An image cannot be pulled");
        await Expect(page.Locator(".explanation-facts")).ToContainTextAsync("shop/web:9");

        await page.GetByText("See line 2 of the log").ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($@"/tasks/{task}/log\?line=2$"));
        await Expect(page.Locator(".log-picked")).ToContainTextAsync(Cause);
        await Expect(page.Locator(".log-picked")).ToBeInViewportAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task The_log_shows_times_and_folds_its_phases()
    {
        var task = await FailAsync("first", "second");
        var page = await OpenAsync($"/tasks/{task}/log");
        await Expect(page.GetByText("second")).ToBeVisibleAsync();
        await Expect(page.GetByText("23:59:51")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Times" }).SelectOptionAsync("utc");
        await Expect(page.GetByText("23:59:51")).ToBeVisibleAsync();
        await page.Locator(".log-phase button").ClickAsync();
        await Expect(page.GetByText("second")).ToHaveCountAsync(0);
        await page.Locator(".log-phase button").ClickAsync();
        await Expect(page.GetByText("second")).ToBeVisibleAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Pictures_change_with_the_period_and_lead_to_the_task()
    {
        var task = await FailAsync("first");
        await InsightTest.CountAllAsync(Services, Cancel);
        var page = await OpenAsync("/envs/demo/insight");
        await Expect(page.Locator(".insight-chart svg").First).ToBeVisibleAsync();

        await page.Locator(".insight-periods").GetByText("7 days").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/insight\?days=7$"));
        await Expect(page.Locator(".insight-periods [aria-current=page]")).ToHaveTextAsync("7 days");
        await page.Locator("a[data-bar]").First.ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/tasks/{task}$"));
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task A_file_has_what_the_filter_shows()
    {
        var failed = await FailAsync("first");
        await EnqueueAsync(_shop);
        var page = await OpenAsync("/envs/demo/tasks?status=Failed");
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTitle("All these tasks as CSV").ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancel);
        Assert.Equal(2, lines.Length);
        Assert.Contains($"{failed}", lines[1], StringComparison.Ordinal);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task The_same_place_in_another_env_is_a_click_away()
    {
        await using (var db = await DbAsync())
        {
            db.Add(new Env { Name = "staging" });
            await db.SaveChangesAsync(Cancel);
        }

        var page = await OpenAsync("/envs/demo/tasks");
        await page.Locator(".env-switcher summary").ClickAsync();
        await page.Locator(".env-switcher").GetByText("staging").ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/envs/staging/tasks$"));
        await Expect(page.Locator(".env-shown")).ToHaveTextAsync("staging");
        Assert.Empty(Problems);
    }

    private async Task<Guid> FailAsync(params string[] lines)
    {
        await EnqueueAsync(_shop);
        var log = await LogHand.StartAsync(Queue, Services, Claims(), Cancel);
        await log.EnterAsync(Phase.HelmUpgrade);
        await log.WriteAsync(Phase.HelmUpgrade, lines);
        await Queue.FinishAsync(Done(log.Task) with
        {
            Status = DeploymentTaskStatus.Failed,
            Reason = "Error: context deadline exceeded",
            DeploymentStatus = DeploymentStatus.Error,
            Revision = RevisionChange.Keep,
        });
        return log.Task.Id;
    }
}
