using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class BotEditorTests(PostgresServer postgres) : PeopleTest(postgres)
{
    private BotEditor Bots => Services.GetRequiredService<BotEditor>();

    private MemberEditor Members => Services.GetRequiredService<MemberEditor>();

    [Fact]
    public async Task A_bot_is_made_renamed_and_deleted_and_the_audit_trail_tells_it()
    {
        var id = Saved(await Bots.CreateAsync(" ci ", Alice, Cancel));
        Saved(await Bots.RenameAsync(id, "deploy-bot", Alice, Cancel));
        Saved(await Bots.RenameAsync(id, "deploy-bot", Alice, Cancel));
        Saved(await Bots.DeleteAsync(id, Alice, Cancel));

        Assert.IsType<SettingResult.NotFound>(await Bots.DeleteAsync(id, Alice, Cancel));
        Assert.IsType<SettingResult.NotFound>(await Bots.RenameAsync(id, "again", Alice, Cancel));
        var told = await TrailAsync();
        Assert.Equal(
            [("Bot.Created", "ci"), ("Bot.Renamed", "deploy-bot"), ("Bot.Deleted", "deploy-bot")],
            told.Select(e => (e.Action, e.SubjectName)));
        Assert.Equal("ci", told[1].Detail["before"]!.GetValue<string>());
    }

    [Fact]
    public async Task With_a_bot_go_its_tokens_and_roles()
    {
        var id = Saved(await Bots.CreateAsync("ci", Alice, Cancel));
        var ci = new ActorRef(ActorKind.Bot, id);
        Saved(await Members.GrantAsync(Env.Id, ci, EnvRole.Admin, Alice, Cancel));
        Saved(await Services.GetRequiredService<KindRoleEditor>()
            .GrantAsync(Env.Id, Kind.Id, ci, KindRole.Owner, Alice, Cancel));
        var token = await TokenOfAsync(ci);

        Saved(await Bots.DeleteAsync(id, Alice, Cancel));

        Assert.Equal(Standing.None, await StandingAsync(ci));
        await using var db = await DbAsync();
        Assert.NotNull((await db.ApiTokens.SingleAsync(t => t.Id == token, Cancel)).RevokedAt);
        Assert.False(await db.EnvPermissions.AnyAsync(p => p.BotId == id, Cancel));
        Assert.False(await db.DeploymentPermissions.AnyAsync(p => p.BotId == id, Cancel));
        Assert.Equal(
            [("Bot.Deleted", null, "ci"), ("EnvRole.Taken", (Guid?)Env.Id, "ci"), ("KindRole.Taken", Env.Id, "ci")],
            (await TrailAsync())[^3..].Select(e => (e.Action, e.EnvId, e.SubjectName)));
        Assert.IsType<TokenResult.Refused>(await Tokens.CreateAsync(NewToken.OfBot(id, "late"), Alice, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public async Task A_name_that_says_nothing_or_forges_a_line_is_refused(string name)
    {
        var id = Saved(await Bots.CreateAsync("ci", Alice, Cancel));

        Assert.Equal("display_name", Field(await Bots.CreateAsync(name, Alice, Cancel)));
        Assert.Equal("display_name", Field(await Bots.RenameAsync(id, name, Alice, Cancel)));
    }
}
