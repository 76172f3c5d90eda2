using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>The form of a chart with every type of input, in a real browser.</summary>
public sealed class ChartFormJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(SampleSchema.Into(NewChart("1.0.1"), "kitchen-sink", "1.0.0"));
        db.Add(SampleSchema.Into(NewChart("1.1.0"), "kitchen-sink", "1.1.0"));
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task Every_type_of_input_is_typed_deployed_and_edited()
    {
        var other = await AddDeploymentAsync("other");
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        await page.GetByLabel("Name").FillAsync("shop");
        await PickAsync(page, "1.0.1");

        await page.GetByLabel("Title").FillAsync("Our shop");
        await page.GetByLabel("Web pods").FillAsync("7");
        await page.GetByText("Create and install").ClickAsync();
        await Expect(page.GetByText("This must be 5 or less.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Web pods")).ToBeFocusedAsync();
        await page.GetByLabel("Web pods").FillAsync("3");
        await page.GetByLabel("Large").CheckAsync();
        await Expect(page.GetByLabel("trace")).ToHaveCountAsync(0);
        await page.GetByLabel("Debugging").CheckAsync();
        await page.GetByLabel("trace").CheckAsync();
        await page.GetByText("Add Tags").ClickAsync();
        await page.GetByLabel("Tags 2", new() { Exact = true }).FillAsync("second");
        await page.GetByLabel("Move Tags 2 up").ClickAsync();
        await page.GetByLabel("Backup", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Saturday").CheckAsync();
        await page.Locator("input[type=time]").FillAsync("04:30");
        await page.GetByText("Add Neighbours").ClickAsync();
        await page.GetByLabel("Neighbours 1", new() { Exact = true }).SelectOptionAsync(other.Id.ToString());
        await page.GetByLabel("Password of the admin").FillAsync("hunter2");
        await page.GetByText("Create and install").ClickAsync();
        await Expect(page.Locator("tr.task .chip")).ToHaveTextAsync("Pending");

        var shop = await ReadAsync("shop");
        Assert.Equal("Our shop", shop.Config["title"]!.GetValue<string>());
        Assert.Equal("""["second","demo"]""", shop.Config["tags"]!.ToJsonString());
        Assert.Equal("0,3,6 04:30", $"{shop.Config["backup_at"]!["run_days"]} {shop.Config["backup_at"]!["schedule"]}");
        Assert.Equal($"""["{other.Id}"]""", shop.Config["neighbours"]!.ToJsonString());
        Assert.True(SealedJson.IsSealed(shop.Config["admin_password"]));

        await page.GotoAsync(new Uri(Server.Url, $"/envs/demo/deployments/Web/{shop.Id}/edit").ToString());
        await Expect(page.GetByLabel("Debugging")).ToBeCheckedAsync();
        await page.GetByLabel("Debugging").UncheckAsync();
        await PickAsync(page, "1.1.0");
        await page.GetByLabel("Message of the day").FillAsync("Hello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("tr.task")).ToHaveCountAsync(2);

        var after = await ReadAsync("shop");
        Assert.False(after.Config["debug"]!.GetValue<bool>());
        Assert.Equal("Hello", after.Config["message"]!.GetValue<string>());
        Assert.Equal(shop.Config["admin_password"]!.ToJsonString(), after.Config["admin_password"]!.ToJsonString());
        Assert.DoesNotContain("hunter2", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task What_is_typed_into_the_editor_right_before_a_save_is_saved()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync($"/envs/demo/deployments/Web/{deployment.Id}/edit");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Values override" });
        await editor.ClickAsync();

        await page.Keyboard.TypeAsync("a: 1 # why");
        await page.GetByRole(AriaRole.Button, new() { Name = "Redeploy" }).ClickAsync();

        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        Assert.Equal("a: 1 # why", (await ReadAsync("shop")).ValuesOverrideYaml);
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task The_editor_has_a_label_indents_with_Tab_and_lets_the_keyboard_go()
    {
        var page = await OpenAsync("/envs/demo/deployments/Web/new");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Values override" });
        await page.Locator("label[for=override]").ClickAsync();
        await Expect(editor).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync("a:\n");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("b: [");
        await Expect(page.Locator("#override-error")).ToContainTextAsync("Line ");
        await Expect(editor).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(editor).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Tab");
        await Expect(editor).Not.ToBeFocusedAsync();
        Assert.Empty(Problems);
    }

    [Fact]
    public async Task Without_its_script_the_editor_is_a_text_area()
    {
        var deployment = await AddDeploymentAsync();
        var page = await OpenAsync("/envs/demo");
        await page.RouteAsync("**/lib/yaml-editor*.js", route => route.AbortAsync());
        await page.GotoAsync(new Uri(Server.Url, $"/envs/demo/deployments/Web/{deployment.Id}/edit").ToString());

        await page.GetByLabel("Values override").FillAsync("a: 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Redeploy" }).ClickAsync();

        await Expect(page.Locator("tr.task")).ToHaveCountAsync(1);
        Assert.Equal("a: 1", (await ReadAsync("shop")).ValuesOverrideYaml);
    }

    private static async Task PickAsync(IPage page, string version)
    {
        await page.Locator("#chart").ClickAsync();
        await page.Locator(".mud-list-item").Filter(new() { HasText = version }).ClickAsync();
        await Expect(page.Locator("#chart")).ToHaveValueAsync(version);
    }

    private async Task<Deployment> ReadAsync(string name)
    {
        await using var db = await DbAsync();
        return await db.Deployments.AsNoTracking().SingleAsync(d => d.Name == name, Cancel);
    }
}
