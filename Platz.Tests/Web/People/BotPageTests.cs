using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.People;
using Platz.Web.Settings.Site;

namespace Platz.Tests.Web.People;

public sealed class BotPageTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private readonly Bot _bot = new() { DisplayName = "ci" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
        await using var db = await DbAsync();
        db.Add(_bot);
        db.Add(new EnvPermission { EnvId = Env.Id, BotId = _bot.Id, Role = EnvRole.User });
        db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, BotId = _bot.Id, Role = KindRole.Owner });
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task A_bot_is_made_and_its_page_opens()
    {
        var page = Page.Render<SitePage>(p => p.Add(s => s.Tab, "bots"));
        page.WaitForElement("[data-bot=ci]", Patience);

        await PressAsync(page, "New bot");
        _dialogs.WaitForElement("#bot-name", Patience);
        await PressAsync(_dialogs, "Create");
        _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.Find("#bot-name-error").TextContent), Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#bot-name").Change("nightly"));
        await PressAsync(_dialogs, "Create");

        page.WaitForAssertion(() => Assert.Contains("/settings/bots/", Navigation.Uri, StringComparison.Ordinal), Patience);
        page.WaitForElement("[data-bot=nightly]", Patience);
    }

    [Fact]
    public async Task A_token_is_shown_once_and_then_by_its_ends_alone_until_it_is_revoked()
    {
        var page = Open();
        await ClickAsync(page, "section .btn-primary");
        _dialogs.WaitForElement("#token-name", Patience);
        await PressAsync(_dialogs, "Make the token");
        _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.Find("#token-name-error").TextContent), Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#token-name").Change("pipeline"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#token-role").Change("Maintainer"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("input[value=some]").Change("some"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("input[value=demo]").Change(true));
        await PressAsync(_dialogs, "Make the token");

        var text = _dialogs.WaitForElement("#new-token", Patience).TextContent;
        Assert.True(TokenText.TryParse(text, out var owner));
        Assert.Equal(TokenOwner.Bot, owner);
        await PressAsync(_dialogs, "Close");
        await PressAsync(_dialogs, "Not yet");
        Assert.Equal(text, _dialogs.Find("#new-token").TextContent);
        await PressAsync(_dialogs, "Close");
        await PressAsync(_dialogs, "I have stored it");
        var row = page.WaitForElement("[data-token=pipeline]", Patience);
        Assert.Contains(TokenText.Shown(text), row.TextContent, StringComparison.Ordinal);
        Assert.Contains("at most what a Maintainer may, in demo", row.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(text, page.Markup + _dialogs.Markup, StringComparison.Ordinal);

        await ClickAsync(page, "[aria-label='Revoke pipeline']");
        _dialogs.WaitForAssertion(() => Assert.Contains("refused from now on", _dialogs.Markup, StringComparison.Ordinal), Patience);
        await PressAsync(_dialogs, "Revoke");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-token]")), Patience);
    }

    [Fact]
    public void It_tells_what_the_bot_may_do_and_where()
    {
        var row = Open().WaitForElement("tr[data-env=demo]", Patience);

        Assert.Contains("User", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Owner of Web", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_bot_is_gone_from_every_open_page()
    {
        var (page, other) = (Open(), Open());
        await PressAsync(page, "Delete the bot");
        _dialogs.WaitForElement("input", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("input").Input("ci"));
        await PressAsync(_dialogs, "Delete");

        other.WaitForAssertion(() => Assert.Contains("no such bot", other.Markup, StringComparison.Ordinal), Patience);
        await using var db = await DbAsync();
        Assert.NotNull((await db.Bots.SingleAsync(Cancel)).DeletedAt);
    }

    [Fact]
    public async Task Bots_are_a_site_admins()
    {
        await MakeAliceAsync(EnvRole.Admin);

        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("need a site admin", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("ci", page.Find(".empty").TextContent.Split(' '));
    }

    private NavigationManager Navigation => Page.Services.GetRequiredService<NavigationManager>();

    private IRenderedComponent<BotPage> Open()
    {
        var page = Page.Render<BotPage>(p => p.Add(b => b.Id, _bot.Id));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".loading")), Patience);
        return page;
    }
}
