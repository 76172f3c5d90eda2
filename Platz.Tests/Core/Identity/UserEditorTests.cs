using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class UserEditorTests(PostgresServer postgres) : PeopleTest(postgres)
{
    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.Configure<ProviderOptions>(provider => provider.IssuersAsync = Only("https://id.test"));
    }

    private ProviderOptions Provider => Services.GetRequiredService<IOptions<ProviderOptions>>().Value;

    private UserEditor Users => Services.GetRequiredService<UserEditor>();

    [Fact]
    public async Task The_right_of_a_site_admin_is_given_and_taken()
    {
        var bob = await AddUserAsync("Bob");

        Saved(await Users.UpdateAsync(bob.Id, isAdmin: true, isActive: null, Alice, Cancel));
        Assert.Equal(Standing.SiteAdmin, await StandingAsync(bob));
        Saved(await Users.UpdateAsync(bob.Id, isAdmin: true, isActive: true, Alice, Cancel));
        Saved(await Users.UpdateAsync(bob.Id, isAdmin: false, isActive: null, Alice, Cancel));
        Assert.Equal(Standing.None, await StandingAsync(bob));

        Assert.Equal(["User.AdminGranted", "User.AdminTaken"], (await TrailAsync()).Select(e => e.Action));
    }

    [Fact]
    public async Task Who_is_deactivated_may_nothing_and_their_sessions_end()
    {
        var bob = await AddUserAsync("Bob", isAdmin: true);
        await AddSessionAsync(bob.Id);

        Saved(await Users.UpdateAsync(bob.Id, isAdmin: null, isActive: false, Alice, Cancel));

        Assert.Equal(Standing.None, await StandingAsync(bob));
        await using var db = await DbAsync();
        Assert.NotNull((await db.Sessions.SingleAsync(Cancel)).EndedAt);
        Saved(await Users.UpdateAsync(bob.Id, isAdmin: null, isActive: true, Alice, Cancel));
        Assert.Equal(Standing.SiteAdmin, await StandingAsync(bob));
        Assert.Equal(["User.Deactivated", "User.Activated"], (await TrailAsync()).Select(e => e.Action));
    }

    [Fact]
    public async Task Sessions_are_ended_by_oneself_but_for_one_and_by_site_admins()
    {
        var bob = await AddUserAsync("Bob");
        var (kept, other) = (await AddSessionAsync(bob.Id), await AddSessionAsync(bob.Id));
        var alices = await AddSessionAsync(Alice.Id);

        Saved(await Users.EndSessionsAsync(bob.Id, kept, As(bob), Cancel));
        Assert.Equal([kept, alices], await OpenAsync(kept, other, alices));
        Assert.IsType<SettingResult.Forbidden>(await Users.EndSessionsAsync(Alice.Id, null, As(bob), Cancel));
        Saved(await Users.EndSessionsAsync(bob.Id, null, Alice, Cancel));
        Assert.Equal([alices], await OpenAsync(kept, other, alices));
        Saved(await Users.EndSessionsAsync(bob.Id, null, Alice, Cancel));

        Assert.Equal(
            [("Session.Ended", bob.Id), ("Denied", bob.Id), ("Session.Ended", Alice.Id)],
            (await TrailAsync()).Select(e => (e.Action, e.ActorId!.Value)));
    }

    [Fact]
    public async Task Nobody_changes_their_own_rights()
    {
        await AddUserAsync("Bob", isAdmin: true);

        Assert.IsType<SettingResult.Forbidden>(await Users.UpdateAsync(Alice.Id, false, null, Alice, Cancel));
        Assert.IsType<SettingResult.Forbidden>(await Users.UpdateAsync(Alice.Id, null, false, Alice, Cancel));

        var told = Assert.Single(await TrailAsync());
        Assert.Equal(("change their own rights", false), (told.SubjectName, told.Detail.ContainsKey("needs")));
    }

    [Fact]
    public async Task Of_two_site_admins_who_take_the_right_from_each_other_one_stays()
    {
        var (bob, carl) = (await AddUserAsync("Bob"), await AddUserAsync("Carl"));
        for (var round = 0; round < 5; round++)
        {
            await ExecuteAsync($"UPDATE users SET is_admin = true, is_active = true WHERE id <> '{Alice.Id}'");

            var results = await Task.WhenAll(
                Users.UpdateAsync(bob.Id, isAdmin: false, isActive: null, As(carl), Cancel),
                Users.UpdateAsync(carl.Id, isAdmin: null, isActive: false, As(bob), Cancel));

            Assert.Single(results.OfType<SettingResult.Saved>());
        }
    }

    [Fact]
    public async Task An_admin_by_the_configuration_stays_one_for_as_long_as_it_says_so()
    {
        var bob = await EnterAsync(isAdmin: true);

        var refused = Refused(await Users.UpdateAsync(bob, isAdmin: false, isActive: null, Alice, Cancel));

        Assert.Contains("The configuration makes them an admin", refused, StringComparison.Ordinal);
        Assert.True(await IsAdminAsync(bob));
        await EnterAsync(isAdmin: false);
        Assert.False(await IsAdminAsync(bob));
        Assert.Equal(["User.AdminTaken", "SignIn.Done"], (await TrailAsync())[^2..].Select(e => e.Action));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://id.test/")]
    [InlineData("https://other.test")]
    public async Task An_admin_by_a_provider_that_is_gone_is_one_no_longer_than_others_want(string? issuer)
    {
        var bob = await EnterAsync(isAdmin: true);
        Provider.IssuersAsync = issuer is null ? new ProviderOptions().IssuersAsync : Only(issuer);

        Saved(await Users.UpdateAsync(bob, isAdmin: false, isActive: null, Alice, Cancel));

        Assert.False(await IsAdminAsync(bob));
        await using var db = await DbAsync();
        Assert.False((await db.UserIdentities.SingleAsync(Cancel)).AdminFromProvider);
    }

    [Fact]
    public async Task Who_is_made_an_admin_on_the_page_is_not_the_configurations_any_more()
    {
        var bob = await EnterAsync(isAdmin: true);
        await ExecuteAsync($"UPDATE users SET is_admin = false WHERE id = '{bob}'");

        Saved(await Users.UpdateAsync(bob, isAdmin: true, isActive: null, Alice, Cancel));
        await EnterAsync(isAdmin: false);

        Assert.True(await IsAdminAsync(bob));
        Saved(await Users.UpdateAsync(bob, isAdmin: false, isActive: null, Alice, Cancel));
    }

    [Fact]
    public async Task That_somebody_is_no_admin_any_more_is_told_of_who_was_one()
    {
        var bob = await EnterAsync(isAdmin: true);
        await ExecuteAsync($"UPDATE users SET is_admin = false WHERE id = '{bob}'");

        await EnterAsync(isAdmin: false);

        Assert.DoesNotContain(await TrailAsync(), e => e.Action is "User.AdminTaken");
    }

    private static Func<CancellationToken, Task<Predicate<string>>> Only(string issuer) =>
        _ => Task.FromResult<Predicate<string>>(issuer.Equals);

    /// <summary>Bob comes from the provider.</summary>
    private async Task<Guid> EnterAsync(bool isAdmin) =>
        Assert.IsType<EntryOutcome.Entered>(await Services.GetRequiredService<SignIns>().EnterAsync(
            new ProvidedIdentity("https://id.test", "1", "Bob", "bob@example.org", isAdmin), Origin.Unknown, Cancel)).User.Id;

    private async Task<bool> IsAdminAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Users.Where(u => u.Id == id).Select(u => u.IsAdmin).SingleAsync(Cancel);
    }

    private async Task<IEnumerable<Guid>> OpenAsync(params Guid[] ids)
    {
        await using var db = await DbAsync();
        var open = await db.Sessions.Where(s => s.EndedAt == null).Select(s => s.Id).ToListAsync(Cancel);
        return ids.Where(open.Contains);
    }

    private async Task<Guid> AddSessionAsync(Guid userId)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await DbAsync();
        var session = new Session
        {
            KeyHash = [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()],
            UserId = userId,
            Ticket = [],
            LastUsedAt = now,
            EndsAt = now.AddHours(8),
            Epoch = Guid.NewGuid(),
        };
        db.Add(session);
        await db.SaveChangesAsync(Cancel);
        return session.Id;
    }
}
