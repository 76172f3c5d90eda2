using System.Collections.Concurrent;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;
using Platz.Web;
using Platz.Web.Layout;
using Platz.Web.Shared;

namespace Platz.Tests.Web.Layout;

/// <summary>
/// Every page there is, with what it names there, unknown, and kept from the reader: it is never blank, from its first
/// render to its last, and says what is the matter. A page that is added without a line in the table fails the test.
/// </summary>
public sealed class NoBlankPageTests(PostgresServer postgres) : PageTest(postgres)
{
    private const string NotFoundTitle = "Not found · Platz";
    private const string NotAllowedTitle = "Not allowed · Platz";

    private readonly ConcurrentBag<string> _blank = [];
    private Deployment _deployment = null!;
    private DeploymentResource _bucket = null!;
    private readonly Bot _bot = new() { DisplayName = "ci" };
    private Guid _task;
    private IRenderedComponent<Router> _pages = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _deployment = await AddDeploymentAsync();
        _task = await EnqueueAsync(_deployment);
        await using var db = await DbAsync();
        var type = new DeploymentResourceType { Key = "buckets", EnvId = Env.Id, DeploymentKindId = Kind.Id, Spec = [] };
        db.Add(type);
        await db.SaveChangesAsync(Cancel);
        _bucket = new DeploymentResource
        {
            TypeId = type.Id,
            DeploymentId = _deployment.Id,
            Name = "pictures",
        };
        db.AddRange(_bucket, _bot);
        await db.SaveChangesAsync(Cancel);
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo("not-found");
        _pages = Page.Render<Router>(p => p
            .Add(r => r.AppAssembly, typeof(App).Assembly)
            .Add(r => r.NotFoundPage, typeof(NotFound))
            .Add(r => r.Found, route => builder =>
            {
                builder.OpenComponent<AuthorizeRouteView>(0);
                builder.AddComponentParameter(1, nameof(AuthorizeRouteView.RouteData), route);
                builder.CloseComponent();
            }));
        _pages.OnMarkupUpdated += (_, _) => NoteBlank();
    }

    [Fact]
    public void Every_page_there_is_stands_in_the_table() => Assert.Equal(
        typeof(App).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false))
            .Select(route => ((RouteAttribute)route).Template).Order(StringComparer.Ordinal),
        Table().Select(page => page.Template).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Whoever_may_see_it_is_shown_it()
    {
        foreach (var page in Table().Where(page => page.Template != "/not-found"))
        {
            Assert.DoesNotContain(await OpenAsync(page.There), (string[])[NotFoundTitle, NotAllowedTitle]);
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task What_is_unknown_is_said_not_to_be_there()
    {
        foreach (var address in Table().SelectMany(page => page.Unknown))
        {
            Assert.Equal((address, NotFoundTitle), (address, await OpenAsync(address)));
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task For_who_is_in_no_env_what_is_in_one_does_not_exist()
    {
        await MakeAliceAsync();
        foreach (var page in Table())
        {
            var expected = page switch
            {
                { IsOfSite: true } => NotAllowedTitle,
                { Unknown.Length: 0 } => null, // it shows what is the reader's, which may be nothing
                _ => NotFoundTitle,
            };
            Assert.Equal((page.Template, expected), (page.Template, expected is null ? null : await OpenAsync(page.There)));
            Assert.NotNull(expected ?? await OpenAsync(page.There));
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task A_member_is_shown_every_page_that_needs_no_higher_role()
    {
        await MakeAliceAsync(EnvRole.User);
        foreach (var page in Table().Where(page => !page.IsOfSite && page.Template != "/not-found"
            && !page.There.EndsWith("/new", StringComparison.Ordinal)
            && !page.There.EndsWith("/edit", StringComparison.Ordinal)
            && !page.There.EndsWith("/audit", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(await OpenAsync(page.There), (string[])[NotFoundTitle, NotAllowedTitle]);
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task For_what_a_member_may_not_do_the_role_is_named()
    {
        await MakeAliceAsync(EnvRole.User);

        Assert.Equal(NotAllowedTitle, await OpenAsync("envs/demo/deployments/Web/new"));
        Assert.Equal(NotAllowedTitle, await OpenAsync($"envs/demo/deployments/Web/{_deployment.Id}/edit"));
        Assert.Equal(NotAllowedTitle, await OpenAsync("envs/demo/audit"));
        Assert.Empty(_blank);
    }

    private ThePage[] Table()
    {
        var (nobody, kind, other) = (Guid.NewGuid(), "envs/demo/deployments/Web", Guid.NewGuid());
        var one = $"{kind}/{_deployment.Id}";
        var two = $"?a={_task}&b={_task}";
        return
        [
            new("/", ""),
            new("/envs", "envs"),
            new("/tasks", "tasks"),
            new("/profile", "profile"),
            new("/not-found", "not-found", "not-found", "nowhere/at/all"),
            new("/envs/{Env}", "envs/demo", "envs/nowhere"),
            new("/envs/{Env}/deployments", "envs/demo/deployments", "envs/nowhere/deployments"),
            new("/envs/{Env}/tasks", "envs/demo/tasks", "envs/nowhere/tasks"),
            new("/envs/{Env}/insight", "envs/demo/insight", "envs/nowhere/insight"),
            new("/audit", "audit") { IsOfSite = true },
            new("/envs/{Env}/audit", "envs/demo/audit", "envs/nowhere/audit"),
            new("/envs/{Env}/settings", "envs/demo/settings", "envs/nowhere/settings"),
            new("/envs/{Env}/settings/{Tab}", "envs/demo/settings/secrets", "envs/nowhere/settings/secrets", "envs/demo/settings/none"),
            new("/envs/{Env}/resources/{Type}", "envs/demo/resources/buckets", "envs/nowhere/resources/buckets", "envs/demo/resources/none"),
            new("/envs/{Env}/resources/{Type}/{Id}", $"envs/demo/resources/buckets/{_bucket.Id}", $"envs/demo/resources/buckets/{nobody}", "envs/demo/resources/buckets/none"),
            new("/envs/{Env}/deployments/{Kind}", kind, "envs/nowhere/deployments/Web", "envs/demo/deployments/None"),
            new("/envs/{Env}/deployments/{Kind}/new", $"{kind}/new", "envs/demo/deployments/None/new"),
            new("/envs/{Env}/deployments/{Kind}/{Id}", one, $"{kind}/{nobody}", $"{kind}/none"),
            new("/envs/{Env}/deployments/{Kind}/{Id}/{Tab}", $"{one}/history", $"{kind}/{nobody}/history", $"{one}/none"),
            new("/envs/{Env}/deployments/{Kind}/{Id}/edit", $"{one}/edit", $"{kind}/{nobody}/edit"),
            new("/envs/{Env}/deployments/{Kind}/{Id:guid}/compare", $"{one}/compare{two}", $"{one}/compare", $"{kind}/{nobody}/compare{two}"),
            new("/deployments/{Id:guid}", $"deployments/{_deployment.Id}", $"deployments/{nobody}", "deployments/none"),
            new("/deployments/{Id:guid}/compare", $"deployments/{_deployment.Id}/compare{two}", $"deployments/{nobody}/compare{two}"),
            new("/tasks/{Id:guid}", $"tasks/{_task}", $"tasks/{nobody}", "tasks/none"),
            new("/tasks/{Id:guid}/log", $"tasks/{_task}/log", $"tasks/{other}/log"),
            new("/settings", "settings") { IsOfSite = true },
            new("/settings/{Tab}", "settings/clusters", "settings/none") { IsOfSite = true },
            new("/settings/bots/{Id:guid}", $"settings/bots/{_bot.Id}", $"settings/bots/{nobody}") { IsOfSite = true },
            new("/settings/clusters/{Id:guid}", $"settings/clusters/{Cluster.Id}", $"settings/clusters/{nobody}") { IsOfSite = true },
        ];
    }

    /// <returns>The title, once the page has read what it shows.</returns>
    private async Task<string> OpenAsync(string address)
    {
        var navigation = Page.Services.GetRequiredService<NavigationManager>();
        await _pages.InvokeAsync(() => navigation.NavigateTo("not-found"));
        await _pages.InvokeAsync(() => navigation.NavigateTo(address));
        await _pages.WaitForAssertionAsync(() => Assert.True(IsRead(), $"{address}: {_pages.Markup}"), Patience);
        Assert.True(_pages.FindComponents<WindowTitle>().Count == 1, $"{address} has two titles: the later one wins");
        return TitleOf(_pages);
    }

    private bool IsRead() => _pages.FindAll(".loading").Count == 0 && _pages.FindAll("h1").Count > 0
        && _pages.FindComponents<WindowTitle>().Count > 0;

    private void NoteBlank()
    {
        if (_pages.Markup.AsSpan().Trim().IsEmpty || _pages.Nodes.All(node => node.TextContent.Trim().Length == 0))
        {
            _blank.Add(Page.Services.GetRequiredService<NavigationManager>().Uri);
        }
    }

    /// <param name="There">What it names is there.</param>
    /// <param name="Unknown">What it names is not.</param>
    private sealed record ThePage(string Template, string There, params string[] Unknown)
    {
        public bool IsOfSite { get; init; }
    }
}
