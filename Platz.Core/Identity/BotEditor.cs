using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Which bots there are; a site admin's to change. <see cref="TokenEditor"/> makes what they sign in with.</summary>
public sealed class BotEditor(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public const int LongestName = 100;

    /// <summary>It may do nothing until it is given roles.</summary>
    public async Task<SettingResult> CreateAsync(string name, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, name.Trim(), actor, cancel) is { } refusal)
        {
            return refusal;
        }

        var bot = new Bot { DisplayName = name.Trim() };
        db.Add(bot);
        await db.SaveChangesAsync(cancel);
        await NoteAsync(db, AuditAction.BotCreated, bot, [], actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(bot.Id);
    }

    /// <summary>What it did keeps the name that it had then.</summary>
    public async Task<SettingResult> RenameAsync(Guid id, string name, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RefusalAsync(db, name.Trim(), actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await LockAsync(db, id, cancel) is not { } bot)
        {
            return new SettingResult.NotFound();
        }

        var before = bot.DisplayName;
        if (before == name.Trim())
        {
            return new SettingResult.Saved(id);
        }

        bot.DisplayName = name.Trim();
        await db.SaveChangesAsync(cancel);
        await NoteAsync(db, AuditAction.BotRenamed, bot, new JsonObject { ["before"] = before }, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>Its tokens are refused from then on and its roles are gone; what it did stays, under its name.</summary>
    public async Task<SettingResult> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await RightsRefusalAsync(db, actor, cancel) is { } refusal)
        {
            return refusal;
        }

        if (await LockAsync(db, id, cancel) is not { } bot)
        {
            return new SettingResult.NotFound();
        }

        bot.DeletedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        var tokens = await RevokeAllAsync(db, id, bot.DeletedAt.Value, cancel);
        var roles = await TakeAllAsync(db, bot, AuditActor.Of(actor), cancel);
        var detail = new JsonObject { ["tokens"] = tokens, ["roles"] = roles.Count };
        await NoteAsync(db, AuditAction.BotDeleted, bot, detail, actor, cancel);
        foreach (var role in roles)
        {
            await AuditLog.AppendAsync(db, role, cancel);
        }

        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <returns>What to tell of it, in each env.</returns>
    private static async Task<List<AuditEntry>> TakeAllAsync(
        PlatzDb db, Bot bot, AuditActor actor, CancellationToken cancel)
    {
        var inEnvs = await db.EnvPermissions
            .FromSql($"DELETE FROM env_user_permissions WHERE bot_id = {bot.Id} RETURNING *").AsNoTracking().ToListAsync(cancel);
        var ofKinds = await db.DeploymentPermissions
            .FromSql($"DELETE FROM deployment_permissions WHERE bot_id = {bot.Id} RETURNING *").AsNoTracking()
            .ToListAsync(cancel);
        var envs = await db.Envs.ToDictionaryAsync(e => e.Id, e => e.Name, cancel);
        var kinds = await db.Kinds.ToDictionaryAsync(k => k.Id, k => k.Name, cancel);
        return
        [
            .. inEnvs.Select(role => RoleChange.Told(
                AuditAction.EnvRoleTaken, RoleHeld.Of(role), new RoleNames(bot.DisplayName, envs[role.EnvId]), null, actor)),
            .. ofKinds.Select(role => RoleChange.Told(
                AuditAction.KindRoleTaken, RoleHeld.Of(role),
                new RoleNames(bot.DisplayName, envs[role.EnvId], kinds[role.KindId]), null, actor)),
        ];
    }

    private static async Task<int> RevokeAllAsync(PlatzDb db, Guid id, DateTimeOffset now, CancellationToken cancel)
    {
        var alive = db.ApiTokens.Where(t => t.BotId == id && t.RevokedAt == null);
        var tokens = await alive.Select(t => t.Id).ToListAsync(cancel);
        if (tokens.Count > 0)
        {
            await alive.ExecuteUpdateAsync(token => token.SetProperty(t => t.RevokedAt, now), cancel);
            await Changes.TellAsync(db, "api_tokens", ChangeOperation.Delete, tokens, cancel);
        }

        return tokens.Count;
    }

    /// <summary>Whoever makes a token of it meanwhile waits.</summary>
    private static Task<Bot?> LockAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        db.Bots.FromSql($"SELECT * FROM bots WHERE id = {id} AND deleted_at IS NULL FOR UPDATE")
            .SingleOrDefaultAsync(cancel);

    private static async Task<SettingResult?> RefusalAsync(
        PlatzDb db, string name, Actor actor, CancellationToken cancel) =>
        await RightsRefusalAsync(db, actor, cancel)
        ?? (name.Length is 0 or > LongestName || name.Any(char.IsControl)
            ? new SettingResult.Invalid("display_name", $"A name of 1 to {LongestName} characters is needed.")
            : null);

    private static async Task<SettingResult?> RightsRefusalAsync(PlatzDb db, Actor actor, CancellationToken cancel) =>
        await db.AdmitsAsync(actor, Permission.EditPeople, cancel)
            ? null
            : new SettingResult.Forbidden(Permission.EditPeople);

    private static async Task NoteAsync(
        PlatzDb db, string action, Bot bot, JsonObject detail, Actor actor, CancellationToken cancel)
    {
        var subject = new AuditSubject("bot", bot.Id, bot.DisplayName);
        await AuditLog.AppendAsync(
            db, new AuditEntry(action, AuditActor.Of(actor), subject) { Detail = detail }, cancel);
    }
}
