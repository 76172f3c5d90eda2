using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Tests.Support;
using Platz.Web.Layout;

namespace Platz.Tests.Web.Envs;

public sealed class EnvSwitcherTests(PostgresServer postgres) : PageTest(postgres)
{
    private readonly Env _other = new() { Name = "another" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(_other);
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task Envs_are_offered_with_what_is_in_them()
    {
        await AddDeploymentAsync();
        await MakeAliceAsync(EnvRole.User);

        Assert.Equal(["demo 1 deployment · 1 member", "All envs", "Settings of the site"], Items(Open("envs")));
    }

    [Fact]
    public void A_site_admin_is_offered_all_envs_and_the_settings_of_all()
    {
        var switcher = Open("envs/demo");

        Assert.Equal(
            [
                "another 0 deployments · 0 members", "demo 0 deployments · 0 members", "All envs", "Settings of demo",
                "Settings of the site",
            ],
            Items(switcher));
        Assert.Equal("demo", switcher.Find(".env-shown").TextContent);
        Assert.StartsWith("demo", switcher.Find("[aria-current]").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_says_which_env_one_is_in_to_its_members_alone()
    {
        var task = await EnqueueAsync(await AddDeploymentAsync());
        var switcher = Open("envs");
        Assert.Equal("Choose an env", switcher.Find(".env-shown").TextContent);
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo($"/tasks/{task}/log?line=3");
        switcher.WaitForAssertion(() => Assert.Equal("demo", switcher.Find(".env-shown").TextContent), Patience);

        await MakeAliceAsync();
        await using (var db = await DbAsync())
        {
            db.Add(new EnvPermission { EnvId = _other.Id, UserId = Alice.Id, Role = EnvRole.User });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("Choose an env", Open($"tasks/{task}").Find(".env-shown").TextContent);
    }

    [Fact]
    public async Task Things_that_the_other_env_has_too_are_shown_there()
    {
        await using (var db = await DbAsync())
        {
            db.AddRange(Type("buckets", envId: null), Type("queues", Env.Id));
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("/envs/another/resources/buckets", Other(Open($"envs/demo/resources/buckets/{Guid.NewGuid()}")));
        Assert.Equal("/envs/another", Other(Open("envs/demo/resources/queues")));
    }

    [Fact]
    public void A_page_whose_session_has_ended_offers_no_env()
    {
        var state = Page.Services.GetRequiredService<AuthenticationStateProvider>();
        Assert.IsType<BunitAuthenticationStateProvider>(state).TriggerUnauthenticationStateChanged();

        Assert.Empty(Page.Render<EnvSwitcher>().FindAll("details"));
    }

    private DeploymentResourceType Type(string key, Guid? envId) =>
        new() { Key = key, EnvId = envId, DeploymentKindId = Kind.Id, Spec = [] };

    private IRenderedComponent<EnvSwitcher> Open(string address)
    {
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var switcher = Page.Render<EnvSwitcher>();
        switcher.WaitForElement(".menu-body a", Patience);
        return switcher;
    }

    private static string? Other(IRenderedComponent<EnvSwitcher> switcher) =>
        switcher.FindAll(".menu-body a").Single(a => a.TextContent.Trim().StartsWith("another", StringComparison.Ordinal))
            .GetAttribute("href");

    private static IEnumerable<string> Items(IRenderedComponent<EnvSwitcher> switcher) => switcher
        .FindAll(".menu-body a").Select(item => string.Join(' ', item.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
