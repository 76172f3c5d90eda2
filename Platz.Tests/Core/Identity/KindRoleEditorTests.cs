using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class KindRoleEditorTests(PostgresServer postgres) : PeopleTest(postgres)
{
    private KindRoleEditor Roles => Services.GetRequiredService<KindRoleEditor>();

    private MemberEditor Members => Services.GetRequiredService<MemberEditor>();

    [Fact]
    public async Task A_role_for_a_kind_is_given_changed_and_taken_and_holds_for_that_kind_alone()
    {
        var ci = await AddBotAsync("ci");

        var given = Saved(await Roles.GrantAsync(Env.Id, Kind.Id, ci, KindRole.Maintainer, Alice, Cancel));
        Assert.Equal(Standing.Maintainer, await StandingAsync(ci, Kind.Id));
        Assert.Equal(Standing.Member, await StandingAsync(ci, Guid.NewGuid()));
        Refused(await Roles.GrantAsync(Env.Id, Kind.Id, ci, KindRole.Maintainer, Alice, Cancel));
        Assert.Equal(given, Saved(await Roles.GrantAsync(Env.Id, Kind.Id, ci, KindRole.Owner, Alice, Cancel)));
        Assert.Equal(Standing.Owner, await StandingAsync(ci, Kind.Id));
        Saved(await Roles.TakeAsync(given, Alice, Cancel));
        Assert.Equal(Standing.None, await StandingAsync(ci, Kind.Id));
        Assert.IsType<SettingResult.NotFound>(await Roles.TakeAsync(given, Alice, Cancel));

        var told = await TrailAsync();
        Assert.Equal(["KindRole.Granted", "KindRole.Changed", "KindRole.Taken"], told.Select(e => e.Action));
        Assert.All(told, e => Assert.Equal(("bot", "ci", "Web"), (e.SubjectKind, e.SubjectName, $"{e.Detail["kind"]}")));
    }

    [Fact]
    public async Task An_admin_bot_gives_roles_to_others_and_never_to_itself()
    {
        var (ci, bob) = (await AddBotAsync("ci"), await AddUserAsync("Bob"));
        Saved(await Members.GrantAsync(Env.Id, ci, EnvRole.Admin, Alice, Cancel));

        Saved(await Roles.GrantAsync(Env.Id, Kind.Id, bob, KindRole.Owner, As(ci), Cancel));
        Refused(await Roles.GrantAsync(Env.Id, Kind.Id, ci, KindRole.Owner, As(ci), Cancel));
    }

    [Fact]
    public async Task An_unknown_kind_is_named()
    {
        var bob = await AddUserAsync("Bob");

        Assert.Equal("kind_id", Field(await Roles.GrantAsync(Env.Id, Guid.NewGuid(), bob, KindRole.Owner, Alice, Cancel)));
    }
}
