using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class MemberEditorTests(PostgresServer postgres) : PeopleTest(postgres)
{
    private MemberEditor Members => Services.GetRequiredService<MemberEditor>();

    [Fact]
    public async Task A_role_is_given_changed_and_taken_and_nobody_has_two()
    {
        var bob = await AddUserAsync("Bob");

        var given = Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel));
        Assert.Equal(Standing.Member, await StandingAsync(bob));
        Assert.Equal("Bob has this role already.", Refused(await Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel)));
        Assert.Equal(given, Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.Admin, Alice, Cancel)));
        Assert.Equal(Standing.EnvAdmin, await StandingAsync(bob));
        Saved(await Members.TakeAsync(given, Alice, Cancel));
        Assert.Equal(Standing.None, await StandingAsync(bob));
        Assert.IsType<SettingResult.NotFound>(await Members.TakeAsync(given, Alice, Cancel));
    }

    [Fact]
    public async Task The_audit_trail_tells_who_gave_changed_and_took_what()
    {
        var bob = await AddUserAsync("Bob");

        var given = Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel));
        await Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel);
        await Members.GrantAsync(Env.Id, bob, EnvRole.Admin, Alice, Cancel);
        await Members.TakeAsync(given, Alice, Cancel);

        var told = await TrailAsync();
        Assert.Equal(["EnvRole.Granted", "EnvRole.Changed", "EnvRole.Taken"], told.Select(e => e.Action));
        Assert.All(told, e => Assert.Equal(
            (Alice.Id, "user", bob.Id, "Bob", Env.Id), (e.ActorId!.Value, e.SubjectKind, e.SubjectId!.Value, e.SubjectName, e.EnvId!.Value)));
        Assert.Equal(("demo", "Admin", "User"), (Text(told[1], "env"), Text(told[1], "role"), Text(told[1], "before")));
    }

    [Fact]
    public async Task A_bot_gets_a_role_as_people_do()
    {
        var ci = await AddBotAsync("ci");

        Saved(await Members.GrantAsync(Env.Id, ci, EnvRole.User, Alice, Cancel));

        Assert.Equal(Standing.Member, await StandingAsync(ci));
    }

    [Fact]
    public async Task Nobody_changes_or_takes_their_own_role()
    {
        var bob = await AddUserAsync("Bob");
        var own = Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.Admin, Alice, Cancel));

        Refused(await Members.GrantAsync(Env.Id, bob, EnvRole.User, As(bob), Cancel));
        Refused(await Members.TakeAsync(own, As(bob), Cancel));
        Assert.Equal(Standing.EnvAdmin, await StandingAsync(bob));
    }

    [Fact]
    public async Task An_admin_bot_gives_roles_to_others_and_never_to_itself()
    {
        var (ci, bob) = (await AddBotAsync("ci"), await AddUserAsync("Bob"));
        Saved(await Members.GrantAsync(Env.Id, ci, EnvRole.Admin, Alice, Cancel));

        Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.User, As(ci), Cancel));
        Refused(await Members.GrantAsync(Env.Id, ci, EnvRole.User, As(ci), Cancel));
    }

    [Fact]
    public async Task Of_two_admins_who_remove_each_other_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var (bob, carl) = (await AddUserAsync($"Bob {round}"), await AddUserAsync($"Carl {round}"));
            var bobs = Saved(await Members.GrantAsync(Env.Id, bob, EnvRole.Admin, Alice, Cancel));
            var carls = Saved(await Members.GrantAsync(Env.Id, carl, EnvRole.Admin, Alice, Cancel));

            var results = await Task.WhenAll(
                Members.TakeAsync(bobs, As(carl), Cancel), Members.TakeAsync(carls, As(bob), Cancel));

            Assert.Single(results.OfType<SettingResult.Saved>());
        }
    }

    [Fact]
    public async Task Given_many_times_at_once_a_role_is_there_once()
    {
        var bob = await AddUserAsync("Bob");

        var results = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel)));

        Assert.Single(results.OfType<SettingResult.Saved>());
        await using var db = await DbAsync();
        Assert.Equal(1, await db.EnvPermissions.CountAsync(p => p.UserId == bob.Id, Cancel));
    }

    [Fact]
    public async Task Who_is_deactivated_deleted_or_nobody_gets_no_role()
    {
        var (bob, ci) = (await AddUserAsync("Bob"), await AddBotAsync("ci"));
        await ExecuteAsync($"UPDATE users SET is_active = false WHERE id = '{bob.Id}'; UPDATE bots SET deleted_at = now()");

        Assert.Equal("user_id", Field(await Members.GrantAsync(Env.Id, bob, EnvRole.User, Alice, Cancel)));
        Assert.Equal("bot_id", Field(await Members.GrantAsync(Env.Id, ci, EnvRole.User, Alice, Cancel)));
        Assert.Equal("user_id", Field(await Members.GrantAsync(
            Env.Id, new ActorRef(ActorKind.User, Guid.NewGuid()), EnvRole.User, Alice, Cancel)));
        Assert.IsType<SettingResult.NotFound>(await Members.GrantAsync(
            Guid.NewGuid(), await AddUserAsync("Carl"), EnvRole.User, Alice, Cancel));
    }

    private static string Text(Platz.Core.Audit.AuditEvent told, string name) => told.Detail[name]!.GetValue<string>();
}
