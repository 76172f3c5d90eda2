using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Makes and revokes API tokens. People make their own; those of bots and of other users are a site admin's. Neither a
/// bot nor a deployment makes any, and a token makes none that may do more, lives longer or may come from elsewhere.
/// </summary>
public sealed class TokenEditor(IDbContextFactory<PlatzDb> databases, TokenPepper pepper, TimeProvider clock)
{
    /// <summary>A second one of the same name is what replacing a token without a pause needs.</summary>
    private const int MostOfOneName = 2;

    private const string Table = "api_tokens";

    public async Task<TokenResult> CreateAsync(NewToken wanted, Actor actor, CancellationToken cancel)
    {
        var key = await pepper.GetAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var parent = actor.Origin.TokenId is { } used
            ? await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Id == used, cancel)
            : null;
        wanted = wanted.InheritFrom(parent);
        if (await RefusalAsync(db, wanted, actor, parent, cancel) is { } refusal)
        {
            return new TokenResult.Refused(refusal);
        }

        var text = TokenText.Create(wanted.Owner);
        var token = TokenOf(wanted, actor, parent, text, key);
        db.Add(token);
        await db.SaveChangesAsync(cancel);
        await Changes.TellAsync(db, Table, ChangeOperation.Insert, [token.Id], cancel);
        await NoteAsync(db, AuditAction.TokenCreated, token, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new TokenResult.Created(token.Id, text);
    }

    /// <summary>Whatever uses it is refused from now on.</summary>
    public async Task<SettingResult> RevokeAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var token = await db.ApiTokens.FromSql($"SELECT * FROM api_tokens WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancel);
        if (token is null || token.RevokedAt is not null)
        {
            return new SettingResult.NotFound();
        }

        if (token.UserId is null && !await db.AdmitsAsync(actor, Permission.EditPeople, cancel))
        {
            return new SettingResult.Forbidden(Permission.EditPeople);
        }

        if (token.UserId is not null && !MayRevokeOwn(token, actor) && !await MayEditPeopleAsync(db, actor, cancel))
        {
            return new SettingResult.NotFound(); // nobody is told which tokens others have
        }

        token.RevokedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        await Changes.TellAsync(db, Table, ChangeOperation.Delete, [id], cancel);
        await NoteAsync(db, AuditAction.TokenRevoked, token, actor, cancel);
        await transaction.CommitAsync(cancel);
        return new SettingResult.Saved(id);
    }

    /// <summary>Of one's tokens, one with a scope may end itself alone.</summary>
    private static bool MayRevokeOwn(ApiToken token, Actor actor) => token.UserId is { } owner
        && owner == actor.UserId && (actor.Scope is null || actor.Origin.TokenId == token.Id);

    private async Task<SettingResult?> RefusalAsync(
        PlatzDb db, NewToken wanted, Actor actor, ApiToken? parent, CancellationToken cancel) =>
        await RightsRefusalAsync(db, wanted, actor, cancel)
        ?? (wanted.Errors() is { Count: > 0 } errors ? new SettingResult.Invalid(errors) : null)
        ?? (wanted.MayComeFromElsewhere(parent)
            ? new SettingResult.Invalid("cidrs", "A token makes none that may come from elsewhere than itself.")
            : null)
        ?? await EnvsRefusalAsync(db, wanted, actor, cancel)
        ?? await (wanted.Owner is TokenOwner.User
            ? UserRefusalAsync(db, wanted.OwnerId, cancel)
            : BotRefusalAsync(db, wanted, cancel));

    private static async Task<SettingResult?> RightsRefusalAsync(
        PlatzDb db, NewToken wanted, Actor actor, CancellationToken cancel)
    {
        var isOwn = wanted.Owner is TokenOwner.User && wanted.OwnerId == actor.Id;
        return actor switch
        {
            not Actor.User => Refused("make a token", "Only people make tokens."),
            _ when !isOwn && !await db.AdmitsAsync(actor, Permission.EditPeople, cancel) =>
                new SettingResult.Forbidden(Permission.EditPeople),
            { Scope: { } scope } when wanted.Scope?.IsWithin(scope) is not true => Refused(
                "make a token that may do more than itself", "A token makes none that may do more than itself."),
            _ => null,
        };

        SettingResult.Forbidden Refused(string act, string why)
        {
            db.Deny(actor, act);
            return new SettingResult.Forbidden(why);
        }
    }

    private static async Task<SettingResult?> EnvsRefusalAsync(
        PlatzDb db, NewToken wanted, Actor actor, CancellationToken cancel)
    {
        if (wanted.Scope?.EnvIds?.ToArray() is not { } envs)
        {
            return null;
        }

        var visible = (await Access.GrantsAsync(db, actor, cancel)).Visible;
        var known = await db.Envs.CountAsync(
            e => envs.Contains(e.Id) && (visible == null || visible.Contains(e.Id)), cancel);
        return known == envs.Length ? null : new SettingResult.Invalid("scope", "There is no such env.");
    }

    private static async Task<SettingResult?> UserRefusalAsync(PlatzDb db, Guid id, CancellationToken cancel) =>
        await db.Users.Where(u => u.Id == id).Select(u => (bool?)u.IsActive).SingleOrDefaultAsync(cancel) switch
        {
            null => new SettingResult.NotFound(),
            false => new SettingResult.Conflict("This user is deactivated."),
            true => null,
        };

    private async Task<SettingResult?> BotRefusalAsync(PlatzDb db, NewToken wanted, CancellationToken cancel)
    {
        // Whoever else makes a token of this bot waits here, so that both are counted.
        var bots = await db.Bots.FromSql(
            $"SELECT * FROM bots WHERE id = {wanted.OwnerId} AND deleted_at IS NULL FOR UPDATE").ToListAsync(cancel);
        if (bots.Count == 0)
        {
            return new SettingResult.NotFound();
        }

        var (name, now) = (wanted.Name.Trim(), clock.GetUtcNow());
        var alive = await db.ApiTokens.CountAsync(
            t => t.BotId == wanted.OwnerId && t.Name == name && t.RevokedAt == null && t.ExpiresAt > now, cancel);
        return alive < MostOfOneName
            ? null
            : new SettingResult.Conflict("This bot has two tokens of this name. Revoke one first.");
    }

    private static async Task NoteAsync(
        PlatzDb db, string action, ApiToken token, Actor actor, CancellationToken cancel)
    {
        var owner = token.UserId is { } user
            ? await db.Users.Where(u => u.Id == user).Select(u => u.DisplayName).SingleAsync(cancel)
            : await db.Bots.Where(b => b.Id == token.BotId).Select(b => b.DisplayName).SingleAsync(cancel);
        await AuditLog.AppendAsync(
            db,
            new AuditEntry(action, AuditActor.Of(actor), new AuditSubject("token", token.Id, token.Name))
            {
                Detail = new JsonObject
                {
                    [token.UserId is null ? "bot" : "user"] = owner,
                    ["shown"] = token.Shown,
                    ["ends"] = token.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    ["envs"] = token.ScopeEnvIds is { } envs ? new JsonArray([.. envs.Select(e => $"{e}")]) : null,
                    ["role"] = token.ScopeRole?.ToString(),
                    ["cidrs"] = new JsonArray([.. token.Cidrs.Select(c => JsonValue.Create(c))]),
                },
            },
            cancel);
    }

    private static async Task<bool> MayEditPeopleAsync(PlatzDb db, Actor actor, CancellationToken cancel) =>
        (await Access.OfAsync(db, actor, envId: null, kindId: null, cancel)).Allows(Permission.EditPeople);

    private ApiToken TokenOf(NewToken wanted, Actor actor, ApiToken? parent, string text, byte[] key) => new()
    {
        UserId = wanted.Owner is TokenOwner.User ? wanted.OwnerId : null,
        BotId = wanted.Owner is TokenOwner.Bot ? wanted.OwnerId : null,
        Name = wanted.Name.Trim(),
        Hash = TokenText.Hash(text, key),
        Shown = TokenText.Shown(text),
        CreatedByUserId = actor.UserId,
        ExpiresAt = clock.GetUtcNow().AddDays(wanted.Days) is var end && end > parent?.ExpiresAt ? parent.ExpiresAt : end,
        Cidrs = [.. wanted.Cidrs],
        ScopeEnvIds = wanted.Scope?.EnvIds is { } envs ? [.. envs] : null,
        ScopeRole = wanted.Scope?.Most,
    };
}
