using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Settings;
using Platz.Web.Settings.Site;

namespace Platz.Tests.Web.Settings;

public sealed class SitePagesTests(PostgresServer postgres) : PageTest(postgres)
{
    [Theory]
    [InlineData(null)]
    [InlineData("clusters")]
    [InlineData("registries")]
    [InlineData("charts")]
    [InlineData("tag-formats")]
    public async Task The_settings_of_the_site_are_a_site_admins(string? tab)
    {
        Open(tab).WaitForElement("table.list", Patience);

        await MakeAliceAsync(EnvRole.Admin);

        var refused = Open(tab);
        refused.WaitForAssertion(() => Assert.Contains(
            "need a site admin", refused.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
        Assert.Empty(refused.FindAll("table, nav"));
    }

    [Fact]
    public async Task An_env_is_made_renamed_and_deleted()
    {
        var dialogs = Page.Render<MudDialogProvider>();
        var page = Open(null);
        page.WaitForElement("table.list", Patience);

        await PressAsync(page, "New env");
        dialogs.WaitForElement("#env-name", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#env-name").Change("demo"));
        await PressAsync(dialogs, "Create");
        dialogs.WaitForAssertion(() => Assert.Contains(
            "of this name already", dialogs.Find("#env-name-error").TextContent, StringComparison.Ordinal), Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#env-name").Change("staging"));
        await PressAsync(dialogs, "Create");
        page.WaitForElement("[data-env=staging]", Patience);

        await ClickAsync(page, "[aria-label='Edit staging']");
        dialogs.WaitForElement("#env-name", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#env-name").Change("stage"));
        await PressAsync(dialogs, "Save");
        page.WaitForElement("[data-env=stage]", Patience);

        await ClickAsync(page, "[aria-label='Delete stage']");
        dialogs.WaitForElement("input", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("input").Input("stage"));
        await PressAsync(dialogs, "Delete");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-env=stage]")), Patience);
    }

    [Fact]
    public async Task A_cluster_is_told_how_it_is_and_never_its_kubeconfig()
    {
        await ExecuteAsync("""
            UPDATE k8s_clusters SET kubeconfig = 'apiVersion: v1', is_ok = false, not_ok_reason = 'connection refused',
                ingress_domain = 'apps.example.org'
            """);

        var page = Open("clusters");
        var row = page.WaitForElement("[data-cluster=one]", Patience);

        Assert.Contains("No answer", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("connection refused", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("apps.example.org", row.TextContent, StringComparison.Ordinal);
        var one = Page.Render<ClusterPage>(p => p.Add(c => c.Id, Cluster.Id));
        one.WaitForElement("#cluster-grafana-url", Patience);
        Assert.DoesNotContain("apiVersion", page.Markup + one.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_a_cluster_are_typed_refused_at_their_field_and_saved()
    {
        var page = Page.Render<ClusterPage>(p => p.Add(c => c.Id, Cluster.Id));
        page.WaitForElement("#cluster-grafana-url", Patience);

        await page.InvokeAsync(() => page.Find("#cluster-grafana-url").Change("javascript:alert(1)"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Equal(
            "true", page.Find("#cluster-grafana-url").GetAttribute("aria-invalid")), Patience);
        await page.InvokeAsync(() => page.Find("#cluster-grafana-url").Change("https://grafana.example.org"));
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.Equal(("Save", true), Submit(page)), Patience);
        await using var db = await DbAsync();
        Assert.Equal("https://grafana.example.org", (await db.Clusters.SingleAsync(Cancel)).GrafanaUrl);
    }

    [Fact]
    public async Task A_cluster_that_somebody_else_has_changed_is_overwritten_only_when_one_means_it()
    {
        var page = Page.Render<ClusterPage>(p => p.Add(c => c.Id, Cluster.Id));
        page.WaitForElement("#cluster-ingress-class", Patience);
        await ExecuteAsync("UPDATE k8s_clusters SET ingress_class = 'theirs'");

        await page.InvokeAsync(() => page.Find("#cluster-ingress-class").Change("mine"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForElement("[data-conflict]", Patience);
        await PressAsync(page, "Save mine over it");

        page.WaitForAssertion(() => Assert.Equal(("Save", true), Submit(page)), Patience);
        await using var db = await DbAsync();
        Assert.Equal("mine", (await db.Clusters.SingleAsync(Cancel)).IngressClass);
    }

    [Fact]
    public async Task A_chart_is_told_with_what_is_wrong_in_it_and_how_many_use_it()
    {
        await AddDeploymentAsync();
        var broken = NewChart("2.0.0");
        broken.Error = "platz/values-ui.yaml, line 11: There is no input \"colour\".";
        await using (var db = await DbAsync())
        {
            db.Add(broken);
            await db.SaveChangesAsync(Cancel);
        }

        var page = Open("charts", Registry.Id);

        var row = page.WaitForElement("[data-chart='2.0.0']", Patience);
        Assert.Contains("BROKEN", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("line 11", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 deployment", page.Find("[data-chart='1.0.0']").TextContent, StringComparison.Ordinal);
        Assert.Empty(Open("charts", Guid.NewGuid()).FindAll("[data-chart]"));
    }

    [Fact]
    public async Task A_registry_is_told_with_why_it_cannot_be_read_and_gets_an_icon()
    {
        await ExecuteAsync("UPDATE helm_registries SET error = 'Cannot reach registry.test'");
        var dialogs = Page.Render<MudDialogProvider>();
        var page = Open("registries");
        Assert.Contains("Cannot reach registry.test",
            page.WaitForElement("[data-registry=web]", Patience).TextContent, StringComparison.Ordinal);

        await PressAsync(page, "Set icon");
        dialogs.WaitForElement("#icon-name", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#icon-name").Change("cart-shopping"));
        await PressAsync(dialogs, "Save");

        page.WaitForAssertion(() => Assert.Contains(
            "cart-shopping", page.Find("[data-registry=web]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Members_of_an_env_read_which_clusters_it_has()
    {
        await MakeAliceAsync(EnvRole.User);

        var page = Page.Render<SettingsPage>(p => p.Add(s => s.Env, Env.Name).Add(s => s.Tab, "clusters"));

        page.WaitForElement("[data-cluster=one]", Patience);
        Assert.Empty(page.FindAll("table a, table button"));
    }

    private static (string Words, bool IsOff) Submit(IRenderedComponent<ClusterPage> page) =>
        (page.Find("[type=submit]").TextContent, page.Find("[type=submit]").HasAttribute("disabled"));

    private IRenderedComponent<SitePage> Open(string? tab, Guid? registry = null)
    {
        var navigation = Page.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"/settings/{tab}{(registry is { } id ? $"?registry={id}" : "")}");
        return Page.Render<SitePage>(p => p.Add(s => s.Tab, tab));
    }
}
