using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.SignIn;

public sealed class ProviderSignInTests(PostgresServer postgres) : ProviderTest(postgres)
{
    private static readonly Person s_grace = new("1", "Grace Hopper", "grace@example.org");

    [Fact]
    public async Task Whoever_opens_a_page_signs_in_and_gets_there()
    {
        using var browser = Browser(Server);
        var asked = await OpenAsync(browser, "/envs?page=2");
        Assert.Equal((HttpStatusCode.Unauthorized, "/not-signed-in?returnUrl=%2Fenvs%3Fpage%3D2"), (asked.Status, asked.Where));
        Assert.Contains("href=\"/sign-in?returnUrl=%2Fenvs%3Fpage%3D2\"", asked.Text);
        Assert.Contains("Sign in with Keyring", asked.Text);

        var there = await OpenAsync(browser, "/sign-in?returnUrl=%2Fenvs%3Fpage%3D2");

        Assert.Equal((HttpStatusCode.OK, "/envs?page=2"), (there.Status, there.Where));
        var user = Assert.Single(await ComersAsync());
        Assert.Equal(("Grace Hopper", "grace@example.org", false), (user.DisplayName, user.Email, user.IsAdmin));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_to_another_site(string returnUrl)
    {
        using var browser = Browser(Server);
        var there = await OpenAsync(browser, $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal((HttpStatusCode.OK, "/"), (there.Status, there.Where));
        Assert.Contains("Platz", there.Text);
    }

    [Fact]
    public async Task Who_comes_again_is_the_same_user_with_the_name_and_address_of_today()
    {
        await SignInAsync(s_grace);
        await SignInAsync(s_grace with { Name = "Rear Admiral Hopper", Email = "hopper@example.org" });

        var user = Assert.Single(await ComersAsync());
        Assert.Equal(("Rear Admiral Hopper", "hopper@example.org"), (user.DisplayName, user.Email));
        await SignInAsync(s_grace with { Subject = "2", Email = "hopper@example.org" });
        await using var db = await DbAsync();
        Assert.Equal(
            ["User.Created Done", "SignIn.Done Done", "User.Renamed Done", "SignIn.Done Done", "SignIn.Refused Denied"],
            (await db.AuditEvents.OrderBy(e => e.Seq).Where(e => e.SubjectKind == "user").ToListAsync(Cancel))
                .Select(e => $"{e.Action} {e.Outcome}"));
    }

    [Fact]
    public async Task Somebody_else_with_the_same_address_is_not_taken_for_them()
    {
        await SignInAsync(s_grace);
        var other = await SignInAsync(s_grace with { Subject = "2", Email = "GRACE@example.org" });
        var local = await SignInAsync(s_grace with { Subject = "3", Email = "alice@example.org" }); // came by a link

        Assert.Equal("/not-signed-in?reason=email", other.Where);
        Assert.Contains("belongs to another account", other.Text);
        Assert.Equal("/not-signed-in?reason=email", local.Where);
        Assert.Single(await ComersAsync());
    }

    [Fact]
    public async Task Many_first_sign_ins_at_once_make_one_user()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SignInAsync(s_grace)));
        Assert.Single(await ComersAsync());
    }

    [Fact]
    public async Task Who_is_deactivated_stays_out()
    {
        await SignInAsync(s_grace);
        await ExecuteAsync("UPDATE users SET is_active = false WHERE email = 'grace@example.org'");

        Assert.Equal("/not-signed-in?reason=deactivated", (await SignInAsync(s_grace)).Where);
    }

    [Fact]
    public async Task An_env_that_takes_newcomers_in_has_them_as_users()
    {
        await ExecuteAsync("UPDATE envs SET auto_add_new_users = true");

        await SignInAsync(s_grace);
        await SignInAsync(s_grace);

        await using var db = await DbAsync();
        var user = Assert.Single(await ComersAsync());
        var role = await db.EnvPermissions.SingleAsync(p => p.UserId == user.Id, Cancel);
        Assert.Equal((Env.Id, EnvRole.User), (role.EnvId, role.Role));
    }

    [Fact]
    public async Task Admins_are_those_of_the_configuration_for_as_long_as_it_says_so()
    {
        await using var server = await WithAsync(("AdminEmails:0", "Grace@Example.org"), ("AdminGroups:0", "platz-admins"));
        (Person Person, bool IsAdmin)[] table =
        [
            (s_grace, true),
            (s_grace with { IsVerified = false }, false),
            (s_grace with { Email = "ĝrace@example.org" }, false),
            (s_grace with { Email = "grace@example.org.evil" }, false),
            (s_grace with { Email = "other@example.org", Groups = ["platz-admins"] }, true),
            (s_grace with { Email = "other@example.org", Groups = ["Platz-Admins", "platz"] }, false),
        ];
        foreach (var (person, isAdmin) in table)
        {
            await SignInAsync(person, server);
            var user = Assert.Single(await ComersAsync());
            Assert.Equal((person, isAdmin), (person, user.IsAdmin));
            var taken = await server.Services.GetRequiredService<UserEditor>().UpdateAsync(
                user.Id, isAdmin: false, isActive: null, Alice, Cancel);
            Assert.Equal((person, isAdmin), (person, taken is SettingResult.Conflict));
        }

        await ExecuteAsync("UPDATE users SET is_admin = true WHERE email = 'other@example.org'"); // by another admin
        await SignInAsync(table[^1].Person, server);
        Assert.True(Assert.Single(await ComersAsync()).IsAdmin);
    }

    [Fact]
    public async Task While_the_provider_is_away_its_admins_are_not_taken_for_anothers()
    {
        await using var server = await WithAsync(("AdminEmails:0", s_grace.Email!));
        await SignInAsync(s_grace, server);
        await using var away = await WithAsync(("Authority", "http://127.0.0.1:9"));

        var taken = await away.Services.GetRequiredService<UserEditor>().UpdateAsync(
            Assert.Single(await ComersAsync()).Id, isAdmin: false, isActive: null, Alice, Cancel);

        Assert.IsType<SettingResult.Conflict>(taken);
    }

    [Fact]
    public async Task Only_those_may_enter_whom_the_configuration_lets()
    {
        await using var server = await WithAsync(
            ("AllowedGroups:0", "platform"), ("AllowedEmailDomains:0", "example.org"), ("GroupsClaim", "groups"));
        (Person Person, string Where)[] table =
        [
            (new("1", "Grace", "grace@example.org"), "/tasks"),
            (new("2", "Ada", "ada@example.org", IsVerified: false), "/not-signed-in?reason=not-among"),
            (new("3", "Alan", "alan@other.example", IsVerified: true, "platform"), "/tasks"),
            (new("4", "Mallory", "mallory@evil.example.org.example"), "/not-signed-in?reason=not-among"),
            (new("5", "Nobody", null), "/not-signed-in?reason=no-email"),
            (new("6", "Shy", "shy@example.org") { SaysNo = true }, "/not-signed-in?reason=denied"),
        ];
        foreach (var (person, where) in table)
        {
            Assert.Equal((person, where), (person, (await SignInAsync(person, server)).Where));
        }

        Assert.Equal(["Grace", "Alan"], (await ComersAsync()).Select(user => user.DisplayName));
    }

    [Fact]
    public async Task A_link_signs_nobody_in_beside_a_provider()
    {
        var link = await Server.Services.GetRequiredService<SignInLinks>().CreateAsync(Alice.Id, Cancel);
        using var browser = Browser(Server);

        var refused = await OpenAsync(browser, $"/sign-in/{link}");

        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Contains("Sign in with Keyring", refused.Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync(browser, "/tasks")).Status);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_to_be()
    {
        await using var server = await WithAsync(("Authority", "http://127.0.0.1:9"));
        using var browser = Browser(server);

        var answer = await OpenAsync(browser, "/sign-in?returnUrl=/tasks");

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Contains("Keyring does not answer", answer.Text);
    }
}
