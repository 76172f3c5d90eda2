using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Settings;

namespace Platz.Tests.Web.Settings;

public sealed class SecretsTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string Contents = "open sesame";
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private IRenderedComponent<MudSnackbarProvider> _snackbar = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Render<MudPopoverProvider>();
        _dialogs = Page.Render<MudDialogProvider>();
        _snackbar = Page.Render<MudSnackbarProvider>();
    }

    [Fact]
    public async Task A_secret_is_added_to_its_collection_and_its_contents_are_never_shown()
    {
        var secrets = Open();
        await ClickAsync(secrets, "button");
        _dialogs.WaitForAssertion(() => Assert.Equal(2, _dialogs.FindAll("input").Count), Patience);
        await _dialogs.InvokeAsync(() => _dialogs.FindAll("input")[0].Input("databases"));
        await _dialogs.InvokeAsync(() => _dialogs.FindAll("input")[1].Input("orders"));
        await _dialogs.InvokeAsync(() => Area().Input(Contents));
        await PressAsync(_dialogs, "Save");

        secrets.WaitForAssertion(() => Assert.Equal("orders", secrets.Find("tbody th").TextContent), Patience);
        Assert.Equal("databases", secrets.Find("section h2").TextContent);
        Assert.DoesNotContain(Contents, secrets.Markup + _snackbar.Markup, StringComparison.Ordinal);
        await ClickAsync(secrets, "[aria-label='Change databases/orders']");
        _dialogs.WaitForElement("textarea", Patience);
        Assert.DoesNotContain(Contents, _dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_contents_say_before_that_what_uses_them_is_reinstalled_and_do_it()
    {
        var user = await UseAsync(await AddAsync());
        var secrets = Open();
        secrets.WaitForAssertion(() => Assert.Contains(
            "1 deployment", secrets.Find("tbody").TextContent, StringComparison.Ordinal), Patience);

        await ClickAsync(secrets, "[aria-label='Change databases/orders']");
        _dialogs.WaitForElement("textarea", Patience);
        await _dialogs.InvokeAsync(() => Area().Input("open barley"));
        Assert.Contains("1 deployment uses this secret and will be reinstalled", _dialogs.Markup, StringComparison.Ordinal);
        await PressAsync(_dialogs, "Save");

        _snackbar.WaitForAssertion(() => Assert.Contains(
            "is reinstalled", _snackbar.Markup, StringComparison.Ordinal), Patience);
        var task = Assert.Single(await TasksAsync());
        Assert.Equal(user.Id, task.DeploymentId);
        Assert.Equal("secret databases/orders changed", Assert.IsType<Reinstall>(task.Operation).Reason);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_in_the_dialog()
    {
        await AddAsync();
        await AddAsync("stock");
        var secrets = Open();
        await ClickAsync(secrets, "[aria-label='Change databases/stock']");
        _dialogs.WaitForElement("input", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("input").Input("orders"));
        await PressAsync(_dialogs, "Save");

        _dialogs.WaitForAssertion(() => Assert.Contains(
            "already a secret", _dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task One_in_use_is_not_deleted_and_its_users_are_named()
    {
        var user = await UseAsync(await AddAsync());
        var secrets = Open();

        await ClickAsync(secrets, "[aria-label='Delete databases/orders']");
        _dialogs.WaitForAssertion(() => Button("Delete"), Patience);
        await PressAsync(_dialogs, "Delete");

        _snackbar.WaitForAssertion(() => Assert.Contains(
            user.Namespace, _snackbar.Markup, StringComparison.Ordinal), Patience);
        Assert.Single(secrets.FindAll("tbody tr"));
    }

    [Fact]
    public async Task Who_may_not_edit_sees_names_and_who_may()
    {
        await AddAsync();
        var secrets = Open(mayEdit: false);

        secrets.WaitForAssertion(() => Assert.Equal("orders", secrets.Find("tbody th").TextContent), Patience);
        Assert.Empty(secrets.FindAll("button"));
        Assert.Contains("Only an Admin of this env", secrets.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_page_follows_what_others_add()
    {
        var secrets = Open();
        secrets.WaitForElement(".empty", Patience);

        await AddAsync();

        secrets.WaitForAssertion(() => Assert.Equal("orders", secrets.Find("tbody th").TextContent), Patience);
    }

    private IRenderedComponent<Secrets> Open(bool mayEdit = true) =>
        Page.Render<Secrets>(p => p.Add(s => s.Env, Env).Add(s => s.MayEdit, mayEdit));

    private IElement Button(string text) => _dialogs.FindAll("button").Single(b => b.TextContent.Trim() == text);

    private IElement Area() => _dialogs.Find("textarea");

    private async Task<Guid> AddAsync(string name = "orders") => Assert.IsType<SecretResult.Saved>(
        await Page.Services.GetRequiredService<SecretEditor>().CreateAsync(
            new NewSecret(Env.Id, "databases", name, Contents), Alice, Cancel)).Id;

    private async Task<Deployment> UseAsync(Guid secretId)
    {
        var deployment = await AddDeploymentAsync();
        await using var db = await DbAsync();
        db.Add(new DeploymentDependency { DeploymentId = deployment.Id, Kind = DependencyKind.Secret, TargetId = secretId });
        await db.SaveChangesAsync(Cancel);
        return deployment;
    }
}
