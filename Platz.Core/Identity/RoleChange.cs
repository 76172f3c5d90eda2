using Microsoft.EntityFrameworkCore;
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
}
