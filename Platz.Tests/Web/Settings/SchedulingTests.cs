using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Settings;

namespace Platz.Tests.Web.Settings;

public sealed class SchedulingTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Render<MudPopoverProvider>();
        _dialogs = Page.Render<MudDialogProvider>();
    }

    [Fact]
    public async Task A_change_says_how_many_follow_and_reinstalls_them()
    {
        await AddDeploymentAsync("one");
        await AddDeploymentAsync("two");
        var off = await AddDeploymentAsync("off");
        await ExecuteAsync($"UPDATE deployments SET enabled = false WHERE id = '{off.Id}'");
        var page = Open();
        page.Find("#node-selector").Change("pool: large\n");
        page.Find("#tolerations").Change("tolerations:\n  - key: dedicated\n    operator: Exists\n");
        await ClickAsync(page, "button");

        _dialogs.WaitForAssertion(() => Assert.Contains(
            "2 deployments are reinstalled", _dialogs.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(await TasksAsync());
        await PressAsync(_dialogs, "Save and reinstall");

        page.WaitForAssertion(() => Assert.False(page.Find("button").HasAttribute("disabled")), Patience);
        var tasks = await TasksAsync();
        Assert.Equal(2, tasks.Count);
        Assert.All(tasks, task => Assert.IsType<Reinstall>(task.Operation));
        await using var db = await DbAsync();
        var env = await db.Envs.SingleAsync(Cancel);
        Assert.Equal("large", env.NodeSelector["pool"]!.GetValue<string>());
        Assert.Equal("dedicated", env.Tolerations[0]!["key"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Save mine over it", "mine")]
    [InlineData("Drop mine and show theirs", "theirs")]
    public async Task A_change_of_somebody_else_is_shown_and_not_saved_over(string choice, string pool)
    {
        var page = Open();
        page.Find("#node-selector").Change("pool: mine\n");
        await ExecuteAsync("""UPDATE envs SET node_selector = '{"pool": "theirs"}'""");
        await ClickAsync(page, "button.btn-primary");
        _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.FindAll("button")), Patience);
        await PressAsync(_dialogs, "Save and reinstall");
        page.WaitForAssertion(() => Assert.Contains(
            "pool: theirs", page.Find("[data-conflict]").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("theirs", await PoolAsync());
        Assert.Equal("pool: mine\n", page.Find("#node-selector").GetAttribute("value"));

        page.WaitForAssertion(() => Assert.False(page.Find("button.btn-primary").HasAttribute("disabled")), Patience);
        await PressAsync(page, choice);
        if (pool == "mine")
        {
            _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.FindAll("button")), Patience);
            await PressAsync(_dialogs, "Save and reinstall");
        }

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-conflict]")), Patience);
        page.WaitForAssertion(() => Assert.False(page.Find("button.btn-primary").HasAttribute("disabled")), Patience);
        Assert.Equal(pool, await PoolAsync());
        Assert.Equal($"pool: {pool}", page.Find("#node-selector").GetAttribute("value")!.Trim());
    }

    private async Task<string> PoolAsync()
    {
        await using var db = await DbAsync();
        return (await db.Envs.SingleAsync(Cancel)).NodeSelector["pool"]!.GetValue<string>();
    }

    [Fact]
    public async Task What_is_no_selector_is_said_at_its_field()
    {
        var page = Open();
        page.Find("#node-selector").Change("pool: 7\n");
        await ClickAsync(page, "button");
        _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.FindAll("button")), Patience);
        await PressAsync(_dialogs, "Save and reinstall");

        page.WaitForAssertion(() => Assert.Equal(
            "A node selector is a map of labels to texts.", page.Find("#node-selector-error").TextContent), Patience);
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task Tolerations_that_are_no_list_are_refused_without_asking()
    {
        var page = Open();
        page.Find("#tolerations").Change("tolerations: none\n");
        await ClickAsync(page, "button");

        page.WaitForAssertion(() => Assert.Equal(
            "Tolerations are a list.", page.Find("#tolerations-error").TextContent), Patience);
        Assert.Empty(_dialogs.FindAll("button"));
    }

    [Fact]
    public void Who_may_not_change_it_reads_it()
    {
        var page = Open(mayEdit: false);

        Assert.Empty(page.FindAll("button"));
        Assert.True(page.Find("#node-selector").HasAttribute("disabled"));
        Assert.Contains("Only a site admin", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<Scheduling> Open(bool mayEdit = true) =>
        Page.Render<Scheduling>(p => p.Add(s => s.Env, Env).Add(s => s.MayEdit, mayEdit));
}
