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
            var standing when !standing.Allows(Permission.EditMembers) =>
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
        var (who, envId) = (held.Who, held.EnvId);
        var name = who.Kind is ActorKind.Bot
            ? await db.Bots.Where(b => b.Id == who.Id).Select(b => b.DisplayName).SingleAsync(cancel)
            : await db.Users.Where(u => u.Id == who.Id).Select(u => u.DisplayName).SingleAsync(cancel);
        var detail = new JsonObject
        {
            ["env"] = await db.Envs.Where(e => e.Id == envId).Select(e => e.Name).SingleAsync(cancel),
            ["role"] = held.Role,
        };
        if (held.KindId is { } kindId)
        {
            detail["kind"] = await db.Kinds.Where(k => k.Id == kindId).Select(k => k.Name).SingleAsync(cancel);
        }

        if (before is not null)
        {
            detail["before"] = before;
        }

        var subject = new AuditSubject(who.Kind is ActorKind.Bot ? "bot" : "user", who.Id, name);
        await AuditLog.AppendAsync(
            db, new AuditEntry(action, AuditActor.Of(actor), subject) { EnvId = envId, Detail = detail }, cancel);
    }
}

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
