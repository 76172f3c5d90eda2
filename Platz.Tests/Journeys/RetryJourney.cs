using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>From an upgrade that fails back to what worked: browser, web, runner, Helm and cluster are real.</summary>
public sealed class RetryJourney(PostgresServer postgres, ChartRegistry registry, Browser browser)
    : ClusterTest(postgres, registry)
{
    private readonly List<string> _problems = [];
    private WebServer _server = null!;
    private IPage _page = null!;
    private Guid _shop;

    private ILocator Rows => _page.Locator("tr.task");

    private ILocator Latest => Rows.First;

    private ILocator Dialog => _page.GetByRole(AriaRole.Dialog);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await StartRunnerAsync();
        var config = JsonNode.Parse("""{"message":"first"}""")!.AsObject();
        var installed = await DeployAsync("hello-web", "1.0.0", "shop", config);
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(installed.TaskId)).Status);
        _shop = installed.DeploymentId;
        await BreakAsync();
        _server = await WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile);
        _page = await browser.SignInAsync(_server, Alice.Id, _problems, Cancel);
        await _page.GotoAsync(new Uri(_server.Url, $"/envs/demo/deployments/HelloWeb/{_shop}/history").ToString());
    }

    public override async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_upgrade_is_retried_and_then_rolled_back_to_what_worked()
    {
        await EndsAsync("Upgrade", "Failed");
        await Latest.GetByLabel("Details").ClickAsync();
        await Expect(_page.Locator(".task-expanded")).ToContainTextAsync("YAML parse error");
        await Latest.GetByLabel("Details").ClickAsync();

        await ChooseAsync(Latest, "retry");
        await Expect(Dialog).ToContainTextAsync("The deployment says the same now");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Retry now" }).DblClickAsync();
        await LeaveListAsync();
        await Expect(Rows).ToHaveCountAsync(3);
        await EndsAsync("retry", "Failed");

        await CompareAsync();
        await ChooseAsync(Rows.Last, "rollback");
        await Expect(Dialog.Locator(".repeat-changes")).ToContainTextAsync("podAnnotations");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await LeaveListAsync();
        await EndsAsync("rollback", "Done");
        await Expect(Latest.GetByText("current revision")).ToBeVisibleAsync();
        await Expect(_page.Locator(".head")).ToContainTextAsync("Running");

        var deployment = await DeploymentAsync(_shop);
        Assert.Empty(deployment.ValuesOverride);
        Assert.Equal("""{"message":"first"}""", deployment.Config.ToJsonString());
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task A_scheduled_retry_waits_can_be_canceled_and_starts_at_its_time()
    {
        await EndsAsync("Upgrade", "Failed");
        await RetryAtAsync(TimeProvider.System.GetUtcNow().AddHours(2));
        await Expect(Latest).ToContainTextAsync("Scheduled: starts in 2 hours");
        await Latest.GetByLabel("Cancel task").ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the task" }).ClickAsync();
        await Expect(Latest.Locator(".task-status")).ToContainTextAsync("Canceled");

        var at = TimeProvider.System.GetUtcNow().AddSeconds(3);
        await RetryAtAsync(at, original: Rows.Nth(1));
        await ExecuteAsync("UPDATE deployments SET values_override = '{}'"); // until it starts it says something else
        await EndsAsync("retry", "Failed");
        Assert.Contains("oops", (await DeploymentAsync(_shop)).ValuesOverride.ToJsonString());

        await using var db = await DbAsync();
        var retry = await db.Tasks.AsNoTracking().OrderByDescending(t => t.CreatedAt).FirstAsync(Cancel);
        Assert.True(retry.StartedAt >= retry.ExecuteAt);
        Assert.Equal(at.ToUnixTimeSeconds(), retry.ExecuteAt.ToUnixTimeSeconds());
        Assert.Empty(_problems);
    }

    private async Task CompareAsync()
    {
        await ChooseAsync(Latest, "compare");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Expect(_page.Locator(".compared-task")).ToHaveCountAsync(2);
        await Expect(_page.Locator(".difference ins")).ToContainTextAsync("oops");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Swap" }).ClickAsync();
        await Expect(_page.Locator(".difference del")).ToContainTextAsync("oops");
        await _page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await Expect(Rows).ToHaveCountAsync(3);
    }

    private async Task RetryAtAsync(DateTimeOffset at, ILocator? original = null)
    {
        await ChooseAsync(original ?? Latest, "retry");
        await Dialog.GetByText("At a time").ClickAsync();
        var format = at.Second == 0 ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd'T'HH:mm:ss"; // as the browser itself writes it
        await Dialog.Locator("#run-at").FillAsync(at.ToString(format, CultureInfo.InvariantCulture));
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Retry at that time" }).ClickAsync();
        await LeaveListAsync();
        await Expect(Latest).ToContainTextAsync("retry");
    }

    private static async Task ChooseAsync(ILocator row, string command)
    {
        await row.Locator("[data-act=menu]").ClickAsync();
        await row.Locator($"[data-act={command}]").ClickAsync();
    }

    /// <summary>New rows do not move in under the pointer.</summary>
    private async Task LeaveListAsync()
    {
        await Expect(Dialog).ToHaveCountAsync(0);
        await _page.Mouse.MoveAsync(1, 1);
    }

    private async Task EndsAsync(string what, string end)
    {
        await Expect(Latest).ToContainTextAsync(what, new() { Timeout = 30_000 });
        await Expect(Latest.Locator(".task-status")).ToContainTextAsync(end, new() { Timeout = 60_000 });
    }

    /// <summary>An annotation list that is a word: Helm renders what is no YAML.</summary>
    private async Task BreakAsync() => Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(
        _shop, new DeploymentEdit { ValuesOverride = JsonNode.Parse("""{"podAnnotations":"oops"}""")!.AsObject() }, Alice, Cancel));
}
