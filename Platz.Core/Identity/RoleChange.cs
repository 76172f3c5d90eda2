using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>What is asked before a role in an env is given or taken, inside the transaction that does it.</summary>
internal static class RoleChange
{
    /// <summary>
    /// Locks the env: of two Admins who take the role from each other the second finds that he is none any more, and
    /// nobody gets a role twice.
    /// </summary>
    public static async Task<SettingResult?> RefusalAsync(
        PlatzDb db, Guid envId, Actor actor, CancellationToken cancel)
    {
        var env = await db.Envs.FromSql($"SELECT * FROM envs WHERE id = {envId} FOR NO KEY UPDATE")
            .AsNoTracking().SingleOrDefaultAsync(cancel);
        return await Access.OfAsync(db, actor, envId, kindId: null, cancel) switch
        {
            Standing.None => new SettingResult.NotFound(),
            var standing when !db.Admits(actor, standing, Permission.EditMembers, envId) =>
                new SettingResult.Forbidden(Permission.EditMembers),
            _ when env is null => new SettingResult.NotFound(),
            _ => null,
        };
    }

    public static SettingResult Unknown(ActorRef who) => who.Kind is ActorKind.Bot
        ? new SettingResult.Invalid("bot_id", "There is no such bot.")
        : new SettingResult.Invalid("user_id", "There is no such user, or they are deactivated.");

    public static SettingResult HeldAlready(RoleHolder holder) =>
        new SettingResult.Conflict($"{holder.Name} has this role already.");

    /// <summary>The audit trail tells it, and the Admins of the env may read that.</summary>
    /// <param name="before">The role that it replaces.</param>
    public static async Task NoteAsync(
        PlatzDb db, string action, RoleHeld held, string? before, Actor actor, CancellationToken cancel)
    {
        var (who, kindId) = (held.Who, held.KindId);
        var names = new RoleNames(
            who.Kind is ActorKind.Bot
                ? await db.Bots.Where(b => b.Id == who.Id).Select(b => b.DisplayName).SingleAsync(cancel)
                : await db.Users.Where(u => u.Id == who.Id).Select(u => u.DisplayName).SingleAsync(cancel),
            await db.Envs.Where(e => e.Id == held.EnvId).Select(e => e.Name).SingleAsync(cancel),
            await db.Kinds.Where(k => k.Id == kindId).Select(k => k.Name).SingleOrDefaultAsync(cancel));
        await AuditLog.AppendAsync(db, Told(action, held, names, before, AuditActor.Of(actor)), cancel);
    }

    /// <inheritdoc cref="NoteAsync"/>
    public static AuditEntry Told(string action, RoleHeld held, RoleNames names, string? before, AuditActor actor)
    {
        var detail = new JsonObject { ["env"] = names.Env, ["role"] = held.Role };
        if (names.Kind is { } kind)
        {
            detail["kind"] = kind;
        }

        if (before is not null)
        {
            detail["before"] = before;
        }

        var subject = new AuditSubject(held.Who.Kind is ActorKind.Bot ? "bot" : "user", held.Who.Id, names.Holder);
        return new AuditEntry(action, actor, subject) { EnvId = held.EnvId, Detail = detail };
    }
}

/// <summary>What the holder, the env and the kind of a role are called.</summary>
internal sealed record RoleNames(string Holder, string Env, string? Kind = null);

/// <summary>A role, as the audit trail tells of it.</summary>
/// <param name="KindId">Null for a role in the env as a whole.</param>
internal sealed record RoleHeld(ActorRef Who, Guid EnvId, Guid? KindId, string Role)
{
    public static RoleHeld Of(EnvPermission held) =>
        new(Holder(held.UserId, held.BotId), held.EnvId, KindId: null, $"{held.Role}");

    public static RoleHeld Of(DeploymentPermission held) =>
        new(Holder(held.UserId, held.BotId), held.EnvId, held.KindId, $"{held.Role}");

    private static ActorRef Holder(Guid? userId, Guid? botId) => userId is { } user
        ? new ActorRef(ActorKind.User, user)
        : new ActorRef(ActorKind.Bot, botId!.Value);
}
