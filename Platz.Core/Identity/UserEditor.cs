using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Who is a site admin and who may sign in: a site admin's to say, of others only. Users are never deleted.</summary>
public sealed class UserEditor(
    IDbContextFactory<PlatzDb> databases, SessionRegister sessions, IOptions<ProviderOptions> provider)
{
    /// <summary>
    /// Who is deactivated is signed out everywhere at once, and their tokens are refused while it lasts. Who is made an
    /// admin here stays one whatever the configuration says; whom it makes one is so again at the next sign-in, so that
    /// taking it here is refused while there is the provider by which they sign in.
    /// </summary>
    /// <param name="isAdmin">Null keeps it.</param>
    /// <param name="isActive">Null keeps it.</param>
    public async Task<SettingResult> UpdateAsync(
        Guid id, bool? isAdmin, bool? isActive, Actor actor, CancellationToken cancel)
    {
        var isProvider = isAdmin is false
            ? await provider.Value.IssuersAsync(cancel) // before anything is locked: it may be slow to answer
            : _ => false;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var user = await LockAsync(db, id, cancel);
        if (await RefusalAsync(db, id, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (user is null)
        {
            return new SettingResult.NotFound();
        }

        var identities = db.UserIdentities.Where(i => i.UserId == id && i.AdminFromProvider);
        var issuers = await identities.Select(i => i.Issuer).ToListAsync(cancel);
        if (isAdmin is false && user.IsAdmin && issuers.Exists(isProvider))
        {
            return new SettingResult.Conflict(
                "The configuration makes them an admin: take them out of its AdminEmails and AdminGroups, or deactivate them.");
        }

        if (isAdmin is { } isToBe && isToBe != user.IsAdmin)
        {
            await identities.ExecuteUpdateAsync(set => set.SetProperty(i => i.AdminFromProvider, false), cancel);
        }

        List<string> happened =
        [
            .. isActive is { } active && active != user.IsActive
                ? [active ? AuditAction.UserActivated : AuditAction.UserDeactivated] : Array.Empty<string>(),
            .. isAdmin is { } admin && admin != user.IsAdmin
                ? [admin ? AuditAction.UserAdminGranted : AuditAction.UserAdminTaken] : Array.Empty<string>(),
        ];
        (user.IsAdmin, user.IsActive) = (isAdmin ?? user.IsAdmin, isActive ?? user.IsActive);
        await db.SaveChangesAsync(cancel);
        if (!user.IsActive)
        {
            await sessions.EndAllAsync(db, id, $"deactivated by {actor.Name}", cancel);
        }

        foreach (var action in happened)
        {
            await AuditLog.AppendAsync(
                db, new AuditEntry(action, AuditActor.Of(actor), new AuditSubject("user", id, user.DisplayName)), cancel);
        }

        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>They are signed out: everybody of themselves, site admins of everybody.</summary>
    /// <param name="except">The session that goes on, of who ends the others.</param>
    public async Task<SettingResult> EndSessionsAsync(Guid id, Guid? except, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var isOwn = actor.UserId == id && actor.Scope is null;
        if (!isOwn && !await db.AdmitsAsync(actor, Permission.EditPeople, cancel))
        {
            return new SettingResult.Forbidden(Permission.EditPeople);
        }

        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancel) is not { } user)
        {
            return new SettingResult.NotFound();
        }

        var ended = await sessions.EndAllAsync(db, id, $"ended by {actor.Name}", cancel, except);
        if (ended > 0)
        {
            var subject = new AuditSubject("user", id, user.DisplayName);
            await AuditLog.AppendAsync(
                db,
                new AuditEntry(AuditAction.SessionEnded, AuditActor.Of(actor), subject) { Detail = new JsonObject { ["ended"] = ended } },
                cancel);
        }

        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>
    /// Locks all site admins with the user, in one order: of two who take the right from each other, the second finds
    /// that they have it no more, so that one stays.
    /// </summary>
    private static async Task<User?> LockAsync(PlatzDb db, Guid id, CancellationToken cancel)
    {
        var locked = await db.Users.FromSql(
            $"SELECT * FROM users WHERE (is_admin AND is_active) OR id = {id} ORDER BY id FOR NO KEY UPDATE").ToListAsync(cancel);
        return locked.Find(u => u.Id == id);
    }

    private static async Task<SettingResult?> RefusalAsync(PlatzDb db, Guid id, Actor actor, CancellationToken cancel)
    {
        if (!await db.AdmitsAsync(actor, Permission.EditPeople, cancel))
        {
            return new SettingResult.Forbidden(Permission.EditPeople);
        }

        if (actor.UserId != id)
        {
            return null;
        }

        db.Deny(actor, "change their own rights");
        return new SettingResult.Forbidden("Nobody changes their own rights: ask another site admin.");
    }
}
