using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>What somebody may do with the deployments of one kind in an env; an Admin of the env gives and takes it.</summary>
public sealed class KindRoleEditor(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Another role for this kind that they had is changed.</summary>
    public async Task<SettingResult> GrantAsync(
        Guid envId, Guid kindId, ActorRef who, KindRole role, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RoleChange.RefusalAsync(db, envId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await db.Kinds.AsNoTracking().SingleOrDefaultAsync(k => k.Id == kindId, cancel) is not { } kind)
        {
            return new SettingResult.Invalid("kind_id", "There is no such kind.");
        }

        if (await RoleHolder.FindAsync(db, who, cancel) is not { } holder)
        {
            return RoleChange.Unknown(who);
        }

        if (actor is Actor.Bot && who == ActorRef.Of(actor))
        {
            return new SettingResult.Conflict("A bot gives no role to itself.");
        }

        var held = await db.DeploymentPermissions.SingleOrDefaultAsync(
            p => p.EnvId == envId && p.KindId == kindId && (p.UserId == who.Id || p.BotId == who.Id), cancel);
        if (held?.Role == role)
        {
            return RoleChange.HeldAlready(holder);
        }

        var before = held?.Role.ToString();
        held ??= db.Add(New(envId, kind.Id, who, role)).Entity;
        held.Role = role;
        await db.SaveChangesAsync(cancel);
        await RoleChange.NoteAsync(
            db, before is null ? AuditAction.KindRoleGranted : AuditAction.KindRoleChanged, RoleHeld.Of(held), before, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(held.Id);
    }

    /// <param name="id">Of the role, see <see cref="DeploymentPermission"/>.</param>
    public async Task<SettingResult> TakeAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.DeploymentPermissions.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } held)
        {
            return new SettingResult.NotFound();
        }

        if (await RoleChange.RefusalAsync(db, held.EnvId, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await db.DeploymentPermissions.Where(p => p.Id == id).ExecuteDeleteAsync(cancel) == 0)
        {
            return new SettingResult.NotFound(); // taken meanwhile
        }

        await RoleChange.NoteAsync(db, AuditAction.KindRoleTaken, RoleHeld.Of(held), before: null, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    private static DeploymentPermission New(Guid envId, Guid kindId, ActorRef who, KindRole role) => new()
    {
        EnvId = envId,
        KindId = kindId,
        UserId = who.Kind is ActorKind.User ? who.Id : null,
        BotId = who.Kind is ActorKind.Bot ? who.Id : null,
        Role = role,
    };
}
