using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class UserEditorTests(PostgresServer postgres) : PeopleTest(postgres)
{
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

        Assert.Equal([("Session.Ended", bob.Id), ("Session.Ended", Alice.Id)], (await TrailAsync()).Select(e => (e.Action, e.ActorId!.Value)));
    }

    [Fact]
    public async Task Nobody_changes_their_own_rights()
    {
        await AddUserAsync("Bob", isAdmin: true);

        Assert.IsType<SettingResult.Forbidden>(await Users.UpdateAsync(Alice.Id, false, null, Alice, Cancel));
        Assert.IsType<SettingResult.Forbidden>(await Users.UpdateAsync(Alice.Id, null, false, Alice, Cancel));
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
