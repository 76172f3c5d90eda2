using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.People;

namespace Platz.Tests.Web.People;

public sealed class MemberListTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private Guid _bob;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
        await using var db = await DbAsync();
        var bob = new User { DisplayName = "Bob", Email = "bob@example.org" };
        db.AddRange(bob, new Bot { DisplayName = "bobs-ci" });
        await db.SaveChangesAsync(Cancel);
        _bob = bob.Id;
    }

    [Fact]
    public async Task A_member_is_found_added_made_admin_and_removed()
    {
        var page = Open();
        page.WaitForElement(".empty", Patience);

        await PressAsync(page, "Add a member");
        await FindAsync("bob", 2);
        Assert.True(Save().HasAttribute("disabled"));
        await GiveToFirstAsync();

        page.WaitForElement("[data-member=Bob]", Patience);
        Assert.Equal("Bob is a User now.", Page.Services.GetRequiredService<ISnackbar>().ShownSnackbars.Last().Message);
        await ClickAsync(page, "[data-make=Admin]");
        page.WaitForElement("[data-make=User]", Patience);
        Assert.Equal(EnvRole.Admin, await RoleAsync());

        await ClickAsync(page, "[aria-label='Remove Bob']");
        _dialogs.WaitForAssertion(() => Assert.Contains("Roles that they have", _dialogs.Markup, StringComparison.Ordinal), Patience);
        await PressAsync(_dialogs, "Remove");
        page.WaitForElement(".empty", Patience);
        Assert.Null(await RoleAsync());
    }

    [Fact]
    public async Task Whoever_shares_no_env_is_found_by_their_whole_address_which_is_not_told()
    {
        await MakeAliceAsync(EnvRole.Admin);
        var page = Open();
        await ClickAsync(page, ".btn-primary");

        await FindAsync("bob@example", 0);
        await FindAsync("bob@EXAMPLE.org", 1);

        Assert.Contains(">Bob<", _dialogs.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@example.org", _dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_somebody_has_already_is_said_in_the_dialog()
    {
        await GrantAsync(EnvRole.User);
        var page = Open();
        await ClickAsync(page, ".btn-primary");
        await FindAsync("Bob", 2);

        await GiveToFirstAsync();

        _dialogs.WaitForAssertion(() => Assert.Contains(
            "has this role already", _dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Members_see_who_is_in_it_and_change_nothing()
    {
        await GrantAsync(EnvRole.Admin);

        var page = Open(mayEdit: false);

        page.WaitForElement("[data-member=Bob]", Patience);
        Assert.Empty(page.FindAll("button"));
        Assert.Contains("Only an Admin of this env", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_in_the_env_any_more_reads_nobody_in_a_page_that_is_open()
    {
        await GrantAsync(EnvRole.Admin);
        await MakeAliceAsync(EnvRole.User);
        var page = Open(mayEdit: false);
        page.WaitForElement("[data-member=Bob]", Patience);

        await ExecuteAsync($"DELETE FROM env_user_permissions WHERE user_id = '{Alice.Id}'");

        page.WaitForAssertion(() => Assert.Contains("You may not do this", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll("[data-member]"));
    }

    [Fact]
    public async Task Nobody_is_given_a_role_who_is_not_among_those_found()
    {
        var page = Open();
        await ClickAsync(page, ".btn-primary");
        await FindAsync("bob", 2);
        await _dialogs.InvokeAsync(() => _dialogs.Find(".found input").Change("on"));
        Assert.False(Save().HasAttribute("disabled"));

        await FindAsync("Bob@example.org", 1);
        var isStillFound = _dialogs.Find(".found").TextContent.Contains("Bob", StringComparison.Ordinal);
        Assert.Equal(isStillFound, !Save().HasAttribute("disabled"));
        await FindAsync("Alice", 1);

        _dialogs.WaitForAssertion(() => Assert.True(Save().HasAttribute("disabled")), Patience);
    }

    [Fact]
    public async Task Nobody_is_offered_to_change_their_own_role()
    {
        await MakeAliceAsync(EnvRole.Admin);

        var page = Open();

        page.WaitForElement("[data-member=Alice]", Patience);
        Assert.Empty(page.FindAll("tbody button"));
    }

    [Fact]
    public async Task An_open_page_follows_what_others_do()
    {
        var page = Open();
        page.WaitForElement(".empty", Patience);

        await GrantAsync(EnvRole.User);
        page.WaitForElement("[data-member=Bob]", Patience);
        await ExecuteAsync("UPDATE users SET is_active = false WHERE display_name = 'Bob'");

        page.WaitForAssertion(() => Assert.Contains(
            "deactivated", page.Find("[data-member=Bob]").TextContent, StringComparison.Ordinal), Patience);
    }

    private IRenderedComponent<MemberList> Open(bool mayEdit = true) =>
        Page.Render<MemberList>(p => p.Add(m => m.Env, Env).Add(m => m.MayEdit, mayEdit));

    private async Task FindAsync(string text, int expected)
    {
        _dialogs.WaitForElement("#holder-text", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#holder-text").Change(text));
        _dialogs.WaitForAssertion(() => Assert.Equal(expected, _dialogs.FindAll(".found input").Count), Patience);
    }

    private async Task GiveToFirstAsync()
    {
        await _dialogs.InvokeAsync(() => _dialogs.Find(".found input").Change("on"));
        await _dialogs.InvokeAsync(() => Save().Click());
    }

    private AngleSharp.Dom.IElement Save() => _dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Give the role");

    private Task<SettingResult> GrantAsync(EnvRole role) => Page.Services.GetRequiredService<MemberEditor>().GrantAsync(
        Env.Id, new ActorRef(ActorKind.User, _bob), role, Alice, Cancel);

    private async Task<EnvRole?> RoleAsync()
    {
        await using var db = await DbAsync();
        return (await db.EnvPermissions.SingleOrDefaultAsync(p => p.UserId == _bob, Cancel))?.Role;
    }
}
