using System.Net;
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

public sealed class UserListTests(PostgresServer postgres) : PageTest(postgres)
{
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private readonly User _bob = new() { DisplayName = "Bob", Email = "bob@example.org" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _dialogs = Page.Render<MudDialogProvider>();
        await using var db = await DbAsync();
        db.AddRange(_bob, new User { DisplayName = "Gone", Email = "gone@example.org", IsActive = false });
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task A_user_becomes_site_admin_and_is_deactivated_and_activated()
    {
        var page = Open();
        await ClickAsync(page, "[data-user=Bob] [data-admin]");
        await ConfirmAsync("Make them a site admin");
        page.WaitForAssertion(() => Assert.Contains("site admin", Row(page).TextContent, StringComparison.Ordinal), Patience);
        Assert.True((await BobAsync()).IsAdmin);

        await ClickAsync(page, "[data-user=Bob] [data-active]");
        _dialogs.WaitForAssertion(() => Assert.Contains("signed out everywhere", _dialogs.Markup, StringComparison.Ordinal), Patience);
        await ConfirmAsync("Deactivate");
        page.WaitForAssertion(() => Assert.Contains("deactivated", Row(page).TextContent, StringComparison.Ordinal), Patience);
        Assert.False((await BobAsync()).IsActive);

        await ClickAsync(page, "[data-user=Bob] [data-active]");
        await ConfirmAsync("Activate");
        page.WaitForAssertion(() => Assert.DoesNotContain("deactivated", Row(page).TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public void Nobody_is_offered_to_change_their_own_rights()
    {
        var page = Open();

        Assert.Empty(page.WaitForElement("[data-user=Alice]", Patience).QuerySelectorAll("button"));
    }

    [Fact]
    public void Users_are_found_by_a_part_of_their_name_or_address_and_by_state()
    {
        Assert.Equal(["Alice", "Bob", "Gone"], Names("users"));
        Assert.Equal(["Bob"], Names("users?q=BOB%40"));
        Assert.Equal(["Gone"], Names("users?state=deactivated"));
        Assert.Equal(["Alice", "Bob"], Names("users?state=active"));
        Assert.Contains("Nobody matches", Open("users?q=zoe").Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_tells_what_one_may_and_makes_a_token_of_ones_own()
    {
        await MakeAliceAsync(EnvRole.User);
        var page = Page.Render<ProfilePage>();
        Assert.Contains("User", page.WaitForElement("tr[data-env=demo]", Patience).TextContent, StringComparison.Ordinal);

        await ClickAsync(page, "section .btn-primary");
        _dialogs.WaitForElement("#token-name", Patience);
        await _dialogs.InvokeAsync(() => _dialogs.Find("#token-name").Change("laptop"));
        await PressAsync(_dialogs, "Make the token");
        Assert.StartsWith("pltz_u_", _dialogs.WaitForElement("#new-token", Patience).TextContent, StringComparison.Ordinal);
        await PressAsync(_dialogs, "Close");
        await PressAsync(_dialogs, "I have stored it");

        page.WaitForElement("[data-token=laptop]", Patience);
    }

    [Fact]
    public async Task Somebody_is_signed_out_and_one_ends_ones_own_sessions()
    {
        await AddSessionAsync(_bob.Id);
        await AddSessionAsync(Alice.Id);
        var page = Open();
        await ClickAsync(page, "[data-user=Bob] [data-end]");
        await ConfirmAsync("Sign out");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-end]")), Patience);

        var profile = Page.Render<ProfilePage>();
        var session = profile.WaitForElement("[data-session]", Patience);
        Assert.Contains("Firefox on Linux", session.TextContent, StringComparison.Ordinal);
        await PressAsync(profile, "End the others");
        profile.WaitForAssertion(() => Assert.Empty(profile.FindAll("[data-session]")), Patience);
    }

    private async Task AddSessionAsync(Guid userId)
    {
        var register = Page.Services.GetRequiredService<SessionRegister>();
        var begun = new NewSession(
            userId, TimeProvider.System.GetUtcNow().AddHours(8), IPAddress.Loopback, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
        await register.AddAsync(begun, _ => [1], Cancel);
    }

    private async Task ConfirmAsync(string verb)
    {
        _dialogs.WaitForAssertion(() => Assert.Contains(
            _dialogs.FindAll("button"), b => b.TextContent.Trim() == verb), Patience);
        await PressAsync(_dialogs, verb);
    }

    private static AngleSharp.Dom.IElement Row(IRenderedComponent<SitePage> page) => page.Find("[data-user=Bob]");

    private IEnumerable<string> Names(string address) =>
        Open(address).FindAll("[data-user]").Select(row => row.GetAttribute("data-user")!);

    private IRenderedComponent<SitePage> Open(string address = "users")
    {
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/{address}");
        var page = Page.Render<SitePage>(p => p.Add(s => s.Tab, "users"));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".loading")), Patience);
        return page;
    }

    private async Task<User> BobAsync()
    {
        await using var db = await DbAsync();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == _bob.Id, Cancel);
    }
}
