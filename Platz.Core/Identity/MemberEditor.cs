using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Who is in an env, and as what; an Admin of it gives and takes that, of others only.</summary>
public sealed class MemberEditor(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Another role that they had is changed: nobody is in an env twice.</summary>
    public async Task<SettingResult> GrantAsync(
        Guid envId, ActorRef who, EnvRole role, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RoleChange.RefusalAsync(db, envId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await RoleHolder.FindAsync(db, who, cancel) is not { } holder)
        {
            return RoleChange.Unknown(who);
        }

        if (await IsOwnAsync(db, who, actor, cancel))
        {
            return new SettingResult.Conflict("Nobody changes their own role: ask another Admin.");
        }

        var held = await db.EnvPermissions.SingleOrDefaultAsync(
            p => p.EnvId == envId && (p.UserId == who.Id || p.BotId == who.Id), cancel);
        if (held?.Role == role)
        {
            return RoleChange.HeldAlready(holder);
        }

        var before = held?.Role.ToString();
        held ??= db.Add(New(envId, who, role)).Entity;
        held.Role = role;
        await db.SaveChangesAsync(cancel);
        await RoleChange.NoteAsync(
            db, before is null ? AuditAction.EnvRoleGranted : AuditAction.EnvRoleChanged, RoleHeld.Of(held), before, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(held.Id);
    }

    /// <param name="id">Of the role, see <see cref="EnvPermission"/>.</param>
    public async Task<SettingResult> TakeAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.EnvPermissions.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } held)
        {
            return new SettingResult.NotFound();
        }

        if (await RoleChange.RefusalAsync(db, held.EnvId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if ((held.UserId ?? held.BotId) == actor.Id)
        {
            return new SettingResult.Conflict("Nobody takes away their own role: ask another Admin.");
        }

        if (await db.EnvPermissions.Where(p => p.Id == id).ExecuteDeleteAsync(cancel) == 0)
        {
            return new SettingResult.NotFound(); // taken meanwhile
        }

        await RoleChange.NoteAsync(db, AuditAction.EnvRoleTaken, RoleHeld.Of(held), before: null, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>A site admin may everything already, so a role of their own gives them nothing.</summary>
    private static async Task<bool> IsOwnAsync(PlatzDb db, ActorRef who, Actor actor, CancellationToken cancel) =>
        who == ActorRef.Of(actor)
        && await Access.OfAsync(db, actor, envId: null, kindId: null, cancel) is not Standing.SiteAdmin;

    private static EnvPermission New(Guid envId, ActorRef who, EnvRole role) => new()
    {
        EnvId = envId,
        UserId = who.Kind is ActorKind.User ? who.Id : null,
        BotId = who.Kind is ActorKind.Bot ? who.Id : null,
        Role = role,
    };
}
