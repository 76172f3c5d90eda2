using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Platz.Core.Catalog;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>One deployment from its first form to its last page: browser, web, runner, Helm and clusters are real.</summary>
public sealed class WholeLifeJourney(PostgresServer postgres, ChartRegistry registry, Browser browser)
    : ClusterTest(postgres, registry)
{
    private readonly List<string> _problems = [];
    private WebServer _server = null!;
    private IPage _page = null!;
    private string _cellar = "";

    private ILocator Latest => _page.Locator("tr.task").First;

    private ILocator Dialog => _page.GetByRole(AriaRole.Dialog);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await AddClusterAsync("other");
        await StartRunnerAsync();
        var secret = new NewSecret(Env.Id, "databases", "orders", "postgres://sesame@db/orders");
        await Services.GetRequiredService<SecretEditor>().CreateAsync(secret, Alice, Cancel);
        await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);
        await ChartAsync("kitchen-sink", "1.1.0");
        await ClusterAsync("other");
        _server = await WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile);
        _page = await browser.SignInAsync(_server, Alice.Id, _problems, Cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_is_made_edited_used_moved_disabled_and_deleted()
    {
        await DeployAsync();
        await EditAsync();
        await InvokeAsync("Reindex", "Done");
        await InvokeAsync("Explode", "Failed");
        await Expect(Latest).ToContainTextAsync("answered 500");
        await Latest.GetByLabel("Details").ClickAsync();
        await Expect(_page.Locator(".task-expanded")).ToContainTextAsync("the index is locked by another writer");

        await RestartAsync("Pod", new Regex("^kitchensink-cellar-[a-z0-9]+-"));
        await RestartAsync("StatefulSet", new Regex("^kitchensink-cellar-store$"));
        await ChangeSecretAsync();
        await MoveAsync("other", Sandbox);
        await MoveAsync("sandbox", null);
        await DisableAndEnableAsync();
        await DeleteAsync();

        Assert.DoesNotMatch("hunter2|sesame|barley", await _page.ContentAsync());
        Assert.Empty(_problems);
    }

    private async Task DeployAsync()
    {
        await GoAsync("/envs/demo/deployments/KitchenSink/new");
        await _page.GetByLabel("Name").FillAsync("cellar");
        await ChooseClusterAsync("sandbox");
        await _page.Locator("#chart").ClickAsync();
        await _page.Locator(".mud-list-item").Filter(new() { HasText = "1.1.0" }).ClickAsync();
        await _page.GetByLabel("Title").FillAsync("The cellar");
        await _page.GetByLabel("Web pods").FillAsync("2");
        await _page.GetByLabel("Large").CheckAsync();
        await _page.GetByLabel("Debugging").CheckAsync();
        await _page.GetByText("Add More ports").ClickAsync();
        await _page.GetByLabel("More ports 1", new() { Exact = true }).FillAsync("9090");
        await _page.GetByLabel("Backup", new() { Exact = true }).CheckAsync();
        await _page.GetByLabel("Shop", new() { Exact = true }).SelectOptionAsync("shop (HelloWeb on sandbox)");
        await _page.GetByLabel("Database", new() { Exact = true }).SelectOptionAsync("orders (databases)");
        await _page.GetByLabel("Password of the admin").FillAsync("hunter2");
        await _page.GetByText("Create and install").ClickAsync();
        await EndsAsync("Install", "Done");
        _cellar = new Uri(new Uri(_page.Url), ".").AbsolutePath.TrimEnd('/');
    }

    private async Task EditAsync()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await _page.GetByLabel("Debugging").UncheckAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await EndsAsync("Upgrade", "Done");
        await Expect(Latest).ToContainTextAsync("Debugging");
    }

    private async Task InvokeAsync(string action, string end)
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await _page.Locator("[data-action]").Filter(new() { HasText = action }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        await EndsAsync(action, end);
    }

    private async Task RestartAsync(string kind, Regex name)
    {
        await GoAsync($"{_cellar}/resources");
        await _page.GetByRole(AriaRole.Row).Filter(new() { Has = _page.GetByRole(AriaRole.Rowheader, new() { NameRegex = name }) })
            .Filter(new() { Has = _page.GetByRole(AriaRole.Cell, new() { Name = kind, Exact = true }) }).First
            .GetByRole(AriaRole.Button).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Restart" }).ClickAsync();
        await GoAsync($"{_cellar}/history");
        await EndsAsync($"{kind} kitchensink-cellar", "Done");
    }

    private async Task ChangeSecretAsync()
    {
        await GoAsync("/envs/demo/settings/secrets");
        await _page.GetByLabel("Change databases/orders").ClickAsync();
        await Expect(Dialog.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync(); // or the dialog takes it back
        await _page.GetByLabel("New contents").FillAsync("postgres://barley@db/orders");
        await _page.GetByText("Save", new() { Exact = true }).ClickAsync();
        await Expect(_page.GetByText("the deployment that uses it is reinstalled")).ToBeVisibleAsync();
        await GoAsync($"{_cellar}/history");
        await EndsAsync("secret databases/orders changed", "Done");
    }

    /// <param name="left">Where nothing of it may be left.</param>
    private async Task MoveAsync(string cluster, SandboxServer? left)
    {
        await GoAsync($"{_cellar}/edit");
        await Expect(_page.GetByLabel("Title")).ToBeVisibleAsync();
        await ChooseClusterAsync(cluster);
        await _page.GetByLabel("Move it, and delete what is there now").CheckAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await EndsAsync($"to {cluster} / kitchensink-cellar", "Done");
        if (left is not null)
        {
            Assert.NotEqual("Namespace", (string?)(await left.GetAsync("/api/v1/namespaces/kitchensink-cellar", Cancel))["kind"]);
        }
    }

    private async Task DisableAndEnableAsync()
    {
        await GoAsync("/envs/demo/deployments/HelloWeb/shop");
        await ConfirmAsync("Disable");
        await Expect(_page.GetByText("Other deployments depend on this one")).ToBeVisibleAsync();

        await GoAsync($"{_cellar}/history");
        await ConfirmAsync("Disable");
        await EndsAsync("Uninstall", "Done");
        await ConfirmAsync("Enable");
        await EndsAsync("Install", "Done");
    }

    private async Task DeleteAsync()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Textbox).FillAsync("cellar");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await EndsAsync("Uninstall", "Done");
        await Expect(_page.GetByText("Deleted", new() { Exact = true })).ToBeVisibleAsync();

        await _page.ReloadAsync();
        await Expect(_page.GetByText("12 tasks")).ToBeVisibleAsync();
    }

    private async Task ConfirmAsync(string verb)
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
    }

    private async Task ChooseClusterAsync(string cluster) =>
        await _page.Locator("#cluster").SelectOptionAsync($"{cluster} (sandbox)");

    private async Task EndsAsync(string what, string end)
    {
        await _page.Mouse.MoveAsync(1, 1); // new rows do not move in under the pointer
        await Expect(Latest).ToContainTextAsync(what, new() { Timeout = 30_000 });
        await Expect(Latest.Locator(".task-status")).ToContainTextAsync(end, new() { Timeout = 60_000 });
    }

    private async Task GoAsync(string path) => await _page.GotoAsync(new Uri(_server.Url, path).ToString());
}
