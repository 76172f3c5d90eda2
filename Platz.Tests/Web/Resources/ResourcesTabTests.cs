using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Resources;

namespace Platz.Tests.Web.Resources;

public sealed class ResourcesTabTests(PostgresServer postgres) : PageTest(postgres)
{
    private Deployment _deployment = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
    }

    [Fact]
    public async Task Each_object_stands_under_its_owner_and_says_how_it_is()
    {
        var web = await AddAsync("Deployment", "web", ready: 1, desired: 2);
        var now = await AddAsync("ReplicaSet", "web-2", web.Id, ready: 1, desired: 2);
        await AddAsync("Pod", "web-2-a", now.Id, restarts: 3, state: "CrashLoopBackOff", message: "back-off <5m>\nsee logs");
        await AddAsync("StatefulSet", "db", ready: 1, desired: 1);

        var tab = Open();

        tab.WaitForAssertion(() => Assert.Equal(["web", "web-2", "web-2-a", "db"], Names(tab)), Patience);
        Assert.Contains("resource-depth-2", Row(tab, "web-2-a").QuerySelector("th")!.ClassName, StringComparison.Ordinal);
        Assert.Contains("1/ of 2", Text(Row(tab, "web")), StringComparison.Ordinal); // the slash is hidden from readers
        var pod = Text(Row(tab, "web-2-a"));
        Assert.Contains("CrashLoopBackOff", pod, StringComparison.Ordinal);
        Assert.Contains("back-off <5m> see logs", pod, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplicaSets_of_earlier_rollouts_are_hidden_until_asked_for()
    {
        var web = await AddAsync("Deployment", "web", ready: 1, desired: 1);
        await AddAsync("ReplicaSet", "web-1", web.Id, ready: 0, desired: 0);
        var ending = await AddAsync("ReplicaSet", "web-2", web.Id, ready: 0, desired: 0);
        await AddAsync("Pod", "web-2-a", ending.Id);
        var tab = Open();
        tab.WaitForAssertion(() => Assert.Equal(["web", "web-2", "web-2-a"], Names(tab)), Patience);

        await PressAsync(tab, "Show ReplicaSets of earlier rollouts");

        tab.WaitForAssertion(() => Assert.Contains("web-1", Names(tab)), Patience);
    }

    [Fact]
    public async Task An_open_tab_follows_what_the_watch_writes()
    {
        var tab = Open();
        tab.WaitForAssertion(() => Assert.Equal("Nothing runs", tab.Find(".empty h2").TextContent), Patience);

        var pod = await AddAsync("Pod", "a", state: "Pending");
        tab.WaitForAssertion(() => Assert.Equal(["a"], Names(tab)), Patience);
        await ExecuteAsync($"UPDATE k8s_resources SET state = 'Running' WHERE id = '{pod.Id}'");
        tab.WaitForAssertion(() => Assert.Contains("Running", Text(Row(tab, "a")), StringComparison.Ordinal), Patience);
        await ExecuteAsync("DELETE FROM k8s_resources");
        tab.WaitForAssertion(() => tab.Find(".empty"), Patience);
    }

    [Fact]
    public async Task A_restart_asks_first_and_its_row_says_how_far_it_is()
    {
        await AddAsync("StatefulSet", "db", ready: 2, desired: 2);
        Page.Render<MudPopoverProvider>();
        var snackbar = Page.Render<MudSnackbarProvider>();
        var dialogs = Page.Render<MudDialogProvider>();
        var tab = Open();

        await ClickAsync(tab, "[aria-label='Restart StatefulSet db']");
        dialogs.WaitForAssertion(() => Assert.Contains("2 of them", dialogs.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(await TasksAsync());
        await PressAsync(dialogs, "Restart");

        tab.WaitForAssertion(() => Assert.Equal("Restart queued", tab.Find("[data-restart]").TextContent.Trim()), Patience);
        snackbar.WaitForAssertion(() => Assert.Contains("Show it", snackbar.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(tab.FindAll("[aria-label='Restart StatefulSet db']"));
        Assert.Equal("db", Assert.IsType<RestartK8sResource>(Assert.Single(await TasksAsync()).Operation).ResourceName);
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        tab.WaitForAssertion(() => Assert.Equal("Restarting", tab.Find("[data-restart]").TextContent.Trim()), Patience);
        await Queue.FinishAsync([Done(task) with { Revision = RevisionChange.Keep }]);
        tab.WaitForAssertion(() => tab.Find("[aria-label='Restart StatefulSet db']"), Patience);
    }

    [Fact]
    public async Task Only_what_can_be_restarted_offers_it_and_only_to_who_may()
    {
        await AddAsync("Job", "once");
        await AddAsync("Pod", "a");

        var tab = Open();
        tab.WaitForAssertion(() => Assert.Single(tab.FindAll("tbody button")), Patience);
        var reader = Open(mayRestart: false);
        reader.WaitForAssertion(() => Assert.Equal(["once", "a"], Names(reader)), Patience);
        Assert.Empty(reader.FindAll("tbody button"));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_said()
    {
        await AddAsync("Pod", "a");
        var tab = Open();
        tab.WaitForAssertion(() => Assert.Equal(["a"], Names(tab)), Patience);
        Assert.Empty(tab.FindAll("[data-stale]"));

        await ExecuteAsync("UPDATE k8s_clusters SET is_ok = false, not_ok_reason = 'connection refused'");

        tab.WaitForAssertion(() => Assert.Contains(
            "does not answer (connection refused). This is what was seen last",
            tab.Find("[data-stale]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Many_are_shown_a_page_at_a_time()
    {
        await using (var db = await DbAsync())
        {
            db.AddRange(Enumerable.Range(0, 205).Select(i => Resource("Pod", $"pod-{i:000}")));
            await db.SaveChangesAsync(Cancel);
        }

        var tab = Open();

        tab.WaitForAssertion(() => Assert.Equal(("pod-000", "pod-099", 100),
            (Names(tab)[0], Names(tab)[^1], Names(tab).Count)), Patience);
        Assert.EndsWith("?page=3", tab.Find("[aria-label='Page 3']").GetAttribute("href"), StringComparison.Ordinal);
        tab.Render(p => p.Add(t => t.Number, 3));
        tab.WaitForAssertion(() => Assert.Equal(("pod-200", 5), (Names(tab)[0], Names(tab).Count)), Patience);
        tab.Render(p => p.Add(t => t.Number, 99));
        tab.WaitForAssertion(() => Assert.Equal("page", tab.Find("[aria-label='Page 3']").GetAttribute("aria-current")), Patience);
    }

    [Fact]
    public async Task Beyond_a_limit_it_is_said_that_there_are_more()
    {
        await using (var db = await DbAsync())
        {
            db.AddRange(Enumerable.Range(0, ResourceList.Most + 5).Select(i => Resource("Pod", $"pod-{i:0000}")));
            await db.SaveChangesAsync(Cancel);
        }

        var tab = Open();

        tab.WaitForAssertion(() => Assert.Contains(
            "Only the first 5,000 are looked at", tab.Markup, StringComparison.Ordinal), Patience);
    }

    private IRenderedComponent<ResourcesTab> Open(bool mayRestart = true) => Page.Render<ResourcesTab>(p => p
        .Add(t => t.Place, Place).Add(t => t.Deployment, _deployment).Add(t => t.MayRestart, mayRestart));

    private static List<string> Names(IRenderedComponent<ResourcesTab> tab) =>
        [.. tab.FindAll("tr[data-resource]").Select(row => row.GetAttribute("data-resource")!)];

    private static IElement Row(IRenderedComponent<ResourcesTab> tab, string name) =>
        tab.Find($"tr[data-resource='{name}']");

    private static string Text(IElement row) =>
        string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<K8sResource> AddAsync(
        string kind, string name, Guid? owner = null, int? ready = null, int? desired = null, int? restarts = null,
        string? state = null, string? message = null)
    {
        var resource = Resource(kind, name);
        (resource.OwnerId, resource.Ready, resource.Desired) = (owner, ready, desired);
        (resource.Restarts, resource.State, resource.Message) = (restarts, state, message);
        await using var db = await DbAsync();
        db.Add(resource);
        await db.SaveChangesAsync(Cancel);
        return resource;
    }

    private K8sResource Resource(string kind, string name) => new()
    {
        Id = Guid.NewGuid(),
        ClusterId = Cluster.Id,
        DeploymentId = _deployment.Id,
        Kind = kind,
        ApiVersion = "v1",
        Name = name,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
