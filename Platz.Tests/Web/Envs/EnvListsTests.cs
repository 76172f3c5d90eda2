using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Envs;

namespace Platz.Tests.Web.Envs;

public sealed class EnvListsTests(PostgresServer postgres) : PageTest(postgres)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(new Env { Name = "another" });
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public void A_site_admin_is_shown_all_envs()
    {
        Assert.Equal(["another", "demo"], Cards());
    }

    [Fact]
    public async Task A_member_is_shown_the_envs_they_are_in()
    {
        await MakeAliceAsync(EnvRole.User);

        Assert.Equal(["demo"], Cards());
        var navigation = Page.Services.GetRequiredService<NavigationManager>();
        Page.Render<Home>().WaitForState(
            () => navigation.Uri.EndsWith("/envs/demo", StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Who_is_in_no_env_is_told_so_and_not_how_to_add_clusters()
    {
        await MakeAliceAsync();

        var page = Page.Render<EnvsPage>();

        page.WaitForAssertion(() => Assert.Contains(
            "You are in no env yet", page.Find(".empty").TextContent, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll("pre"));
    }

    private IEnumerable<string> Cards()
    {
        var page = Page.Render<EnvsPage>();
        page.WaitForElement(".cards", Patience);
        return page.FindAll(".card-title").Select(title => title.TextContent);
    }
}
