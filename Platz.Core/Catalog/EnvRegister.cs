using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>Which envs there are, how they are called, and whom they take in; a site admin's to change.</summary>
public sealed partial class EnvRegister(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>Whoever makes an env is its Admin from then on.</summary>
    public async Task<SettingResult> CreateAsync(string name, bool autoAddNewUsers, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (NameError(name.Trim()) is { } error)
        {
            return new SettingResult.Invalid("name", error);
        }

        var env = new Env { Name = name.Trim(), AutoAddNewUsers = autoAddNewUsers };
        db.Add(env);
        List<AuditEntry> told = [EnvBefore.Made(env, actor)];
        if (actor is Actor.User(var user, var called))
        {
            var role = new EnvPermission { EnvId = env.Id, UserId = user, Role = EnvRole.Admin };
            db.Add(role);
            told.Add(RoleChange.Told(
                AuditAction.EnvRoleGranted, RoleHeld.Of(role), new RoleNames(called, env.Name), before: null,
                AuditActor.Of(actor)));
        }

        return await SaveAsync(db, env.Id, () => told, cancel);
    }

    /// <param name="name">Null keeps it.</param>
    /// <param name="autoAddNewUsers">Whether who signs in for the first time becomes a User of it; null keeps it.</param>
    public async Task<SettingResult> UpdateAsync(
        Guid id, string? name, bool? autoAddNewUsers, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await db.Envs.SingleOrDefaultAsync(e => e.Id == id, cancel) is not { } env)
        {
            return new SettingResult.NotFound();
        }

        var before = EnvBefore.Of(env);
        return Rename(env, name, autoAddNewUsers) is { } error
            ? new SettingResult.Invalid([error])
            : await SaveAsync(db, id, () => before.Changes(env, actor), cancel);
    }

    /// <summary>Changes nothing where the name is refused.</summary>
    internal static FieldError? Rename(Env env, string? name, bool? autoAddNewUsers)
    {
        if (name is not null && name.Trim() != env.Name && NameError(name.Trim()) is { } error)
        {
            return new FieldError("name", error);
        }

        env.Name = name?.Trim() ?? env.Name;
        env.AutoAddNewUsers = autoAddNewUsers ?? env.AutoAddNewUsers;
        return null;
    }

    /// <summary>Only an env that nothing has happened in: what happened is kept, and names it.</summary>
    public async Task<SettingResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        // First, as whoever gives or takes a role in it does.
        if (await db.Envs.FromSql($"SELECT * FROM envs WHERE id = {id} FOR UPDATE").AsNoTracking()
            .SingleOrDefaultAsync(cancel) is not { } env)
        {
            return new SettingResult.NotFound();
        }

        if (await ObstacleAsync(db, id, cancel) is { } obstacle)
        {
            return new SettingResult.Conflict(obstacle);
        }

        try
        {
            await db.Clusters.Where(c => c.EnvId == id && c.DeletedAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.EnvId, (Guid?)null), cancel);
            await db.EnvPermissions.Where(p => p.EnvId == id).ExecuteDeleteAsync(cancel);
            await db.DeploymentPermissions.Where(p => p.EnvId == id).ExecuteDeleteAsync(cancel);
            await db.Envs.Where(e => e.Id == id).ExecuteDeleteAsync(cancel);
            await AuditLog.AppendAsync(db, EnvBefore.Gone(env, actor), cancel);
            await transaction.CommitAsync(cancel);
            return new SettingResult.Saved(id);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation)
        {
            return new SettingResult.Conflict("Something that is kept still names this env.");
        }
    }

    internal static FieldError Taken => new("name", "There is an env of this name already.");

    internal static bool IsTaken(DbUpdateException e) =>
        e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private static async Task<string?> ObstacleAsync(PlatzDb db, Guid id, CancellationToken cancel)
    {
        var clusters = await db.Clusters.Where(c => c.EnvId == id && c.DeletedAt == null).OrderBy(c => c.Name)
            .Select(c => c.Name).Take(5).ToListAsync(cancel);
        return (clusters.Count, await db.Tasks.AnyAsync(t => t.EnvId == id, cancel),
            await db.Secrets.CountAsync(s => s.EnvId == id, cancel)) switch
        {
            ( > 0, _, _) => $"It has clusters: {string.Join(", ", clusters)}. Move them to another env first.",
            (_, true, _) => "Its history is kept for ever, so it stays; it can be renamed.",
            (_, _, > 0 and var count) => count == 1 ? "It has a secret: delete that first." : $"It has {count} secrets: delete them first.",
            _ => null,
        };
    }

    private static async Task<SettingResult> SaveAsync(
        PlatzDb db, Guid id, Func<IEnumerable<AuditEntry>> told, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            foreach (var entry in told())
            {
                await AuditLog.AppendAsync(db, entry, cancel);
            }

            await db.Database.CommitTransactionAsync(cancel);
            return new SettingResult.Saved(id);
        }
        catch (DbUpdateException e) when (IsTaken(e))
        {
            return new SettingResult.Invalid([Taken]);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new SettingResult.NotFound(); // deleted meanwhile
        }
    }

    private static async Task<SettingResult?> RefusalAsync(PlatzDb db, Actor actor, CancellationToken cancel) =>
        await db.AdmitsAsync(actor, Permission.EditSite, cancel)
            ? null
            : new SettingResult.Forbidden(Permission.EditSite);

    /// <summary>It stands in addresses, where an id may stand too.</summary>
    private static string? NameError(string name) => name switch
    {
        "" => "A name is needed.",
        _ when !Name().IsMatch(name) =>
            "Letters, digits, spaces and . _ - only, at most 60, beginning and ending with a letter or digit.",
        _ when Guid.TryParse(name, out _) => "A name must not look like an id.",
        _ => null,
    };

    [GeneratedRegex(@"\A[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?\z")]
    private static partial Regex Name();
}
