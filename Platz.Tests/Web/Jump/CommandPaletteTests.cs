using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Jump;

namespace Platz.Tests.Web.Jump;

public sealed class CommandPaletteTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task What_is_typed_is_listed_in_groups_as_links_that_are_options()
    {
        var deployment = await AddDeploymentAsync();
        var palette = Page.Render<CommandPalette>();

        await TypeAsync(palette, "shop");

        palette.WaitForAssertion(() => Assert.Equal("shop", palette.Find("#palette-list").GetAttribute("data-for")), Patience);
        var option = palette.Find("[aria-label=Deployments] [role=option]");
        Assert.Equal($"/envs/demo/deployments/Web/{deployment.Id}", option.GetAttribute("href"));
        Assert.Equal("shop", option.QuerySelector(".palette-text")!.TextContent);
        Assert.Contains("demo", option.QuerySelector(".palette-detail")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("1 found", palette.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task What_matches_nothing_is_said()
    {
        var palette = Page.Render<CommandPalette>();

        await TypeAsync(palette, "<b>nowhere</b>");

        palette.WaitForAssertion(() => Assert.Contains(
            "Nothing matches “<b>nowhere</b>”", palette.Find(".palette-none").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("Nothing found", palette.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task A_member_is_led_only_to_the_envs_they_are_in()
    {
        await AddDeploymentAsync();
        await MakeAliceAsync();
        var palette = Page.Render<CommandPalette>();

        await TypeAsync(palette, "shop");
        palette.WaitForElement(".palette-none", Patience);
        await MakeAliceAsync(EnvRole.User);
        await TypeAsync(palette, "shop ");
        palette.WaitForElement("[aria-label=Deployments]", Patience);
    }

    [Fact]
    public async Task A_page_whose_session_has_ended_finds_nothing()
    {
        await AddDeploymentAsync();
        var palette = Page.Render<CommandPalette>();
        var state = Page.Services.GetRequiredService<AuthenticationStateProvider>();
        Assert.IsType<BunitAuthenticationStateProvider>(state).TriggerUnauthenticationStateChanged();

        await TypeAsync(palette, "shop");

        Assert.Empty(palette.FindAll("[role=option]"));
    }

    private static Task TypeAsync(IRenderedComponent<CommandPalette> palette, string text) =>
        palette.InvokeAsync(() => palette.Find("input").Change(text));
}
