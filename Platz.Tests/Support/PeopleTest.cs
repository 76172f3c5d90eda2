using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Identity;

namespace Platz.Tests.Support;

/// <summary>A test about people, bots and their roles; Alice is a site admin.</summary>
public abstract class PeopleTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected async Task<ActorRef> AddUserAsync(string name, bool isAdmin = false)
    {
        await using var db = await DbAsync();
        var user = new User { DisplayName = name, Email = $"{Guid.NewGuid():N}@example.org", IsAdmin = isAdmin };
        db.Add(user);
        await db.SaveChangesAsync(Cancel);
        return new ActorRef(ActorKind.User, user.Id);
    }

    protected async Task<ActorRef> AddBotAsync(string name)
    {
        await using var db = await DbAsync();
        var bot = new Bot { DisplayName = name };
        db.Add(bot);
        await db.SaveChangesAsync(Cancel);
        return new ActorRef(ActorKind.Bot, bot.Id);
    }

    protected static Actor As(ActorRef who) => who.Kind is ActorKind.Bot
        ? new Actor.Bot(who.Id, "a bot")
        : new Actor.User(who.Id, "a user");

    protected async Task<Standing> StandingAsync(ActorRef who, Guid? kindId = null)
    {
        await using var db = await DbAsync();
        return await Access.OfAsync(db, As(who), Env.Id, kindId, Cancel);
    }

    /// <summary>What the audit trail tells, the oldest first.</summary>
    protected async Task<List<AuditEvent>> TrailAsync()
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.AsNoTracking().OrderBy(e => e.Seq).ToListAsync(Cancel);
    }

    protected async Task<Guid> TokenOfAsync(ActorRef who, string name = "deploy")
    {
        var owner = who.Kind is ActorKind.Bot ? NewToken.OfBot(who.Id, name) : NewToken.OfUser(who.Id, name);
        return Assert.IsType<TokenResult.Created>(await Tokens.CreateAsync(owner, Alice, Cancel)).Id;
    }

    protected TokenEditor Tokens => Services.GetRequiredService<TokenEditor>();

    protected static Guid Saved(SettingResult result) => Assert.IsType<SettingResult.Saved>(result).Id;

    protected static string Refused(SettingResult result) => Assert.IsType<SettingResult.Conflict>(result).Message;

    protected static string Field(SettingResult result) =>
        Assert.Single(Assert.IsType<SettingResult.Invalid>(result).Errors).Field;
}
