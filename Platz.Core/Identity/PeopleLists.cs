using System.Net;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>The people and bots of the site, what they may do, and their tokens. For site admins, and of oneself.</summary>
public sealed class PeopleLists(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>By name.</summary>
    /// <param name="text">A part of the name or of the e-mail address.</param>
    /// <param name="isActive">Null for all.</param>
    /// <param name="number">The page, from 1; a number past the end gives the last one.</param>
    public async Task<UserPage> UsersAsync(string text, bool? isActive, int number, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var pattern = SqlPattern.Containing(text);
        var all = db.Users.AsNoTracking().Where(u => (isActive == null || u.IsActive == isActive)
            && (EF.Functions.ILike(u.DisplayName, pattern, SqlPattern.Escape)
                || EF.Functions.ILike(u.Email, pattern, SqlPattern.Escape)));
        var total = await all.CountAsync(cancel);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);
        var (now, epoch) = (clock.GetUtcNow(), await SessionEpoch.GetAsync(db, cancel));
        var rows = await all.OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Skip((number - 1) * PageSize).Take(PageSize)
            .Select(u => new UserRow(
                u,
                db.Envs.Count(e => db.EnvPermissions.Any(p => p.UserId == u.Id && p.EnvId == e.Id)
                    || db.DeploymentPermissions.Any(p => p.UserId == u.Id && p.EnvId == e.Id)),
                db.ApiTokens.Count(t => t.UserId == u.Id && t.RevokedAt == null && t.ExpiresAt > now),
                db.Sessions.Count(s => s.UserId == u.Id && s.EndedAt == null && s.EndsAt > now && s.Epoch == epoch)))
            .ToListAsync(cancel);
        return new UserPage(rows, total, number, pages);
    }

    public async Task<User?> UserAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancel);
    }

    public async Task<List<BotRow>> BotsAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Rows(db, db.Bots.Where(b => b.DeletedAt == null)).ToListAsync(cancel);
    }

    /// <returns>Null when there is none, or no more.</returns>
    public async Task<BotRow?> BotAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Rows(db, db.Bots.Where(b => b.Id == id && b.DeletedAt == null)).SingleOrDefaultAsync(cancel);
    }

    /// <summary>What somebody is, env by env.</summary>
    public async Task<List<RolesInEnv>> RolesAsync(ActorRef who, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var inEnvs = await (
            from role in db.EnvPermissions
            where role.UserId == who.Id || role.BotId == who.Id
            join env in db.Envs on role.EnvId equals env.Id
            select new { Env = env.Name, role.Role }).ToListAsync(cancel);
        var ofKinds = await (
            from role in db.DeploymentPermissions
            where role.UserId == who.Id || role.BotId == who.Id
            join env in db.Envs on role.EnvId equals env.Id
            join kind in db.Kinds on role.KindId equals kind.Id
            orderby kind.Name
            select new { Env = env.Name, Kind = kind.Name, role.Role }).ToListAsync(cancel);
        return
        [
            .. inEnvs.Select(r => r.Env).Union(ofKinds.Select(r => r.Env)).Order(StringComparer.OrdinalIgnoreCase)
                .Select(env => new RolesInEnv(
                    env, inEnvs.FirstOrDefault(r => r.Env == env)?.Role,
                    [.. ofKinds.Where(r => r.Env == env).Select(r => new RoleOfKind(r.Kind, r.Role))])),
        ];
    }

    /// <summary>Those that are not revoked, the newest first. What they are themselves is stored nowhere.</summary>
    public async Task<List<TokenRow>> TokensAsync(TokenOwner owner, Guid ownerId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var tokens = await (
            from token in db.ApiTokens.AsNoTracking()
            where (owner == TokenOwner.User ? token.UserId : token.BotId) == ownerId && token.RevokedAt == null
            from creator in db.Users.Where(u => u.Id == token.CreatedByUserId).DefaultIfEmpty()
            orderby token.CreatedAt descending, token.Id descending
            select new { token, creator.DisplayName }).ToListAsync(cancel);
        var envs = await db.Envs.ToDictionaryAsync(e => e.Id, e => e.Name, cancel);
        var now = clock.GetUtcNow();
        return
        [
            .. tokens.Select(t => new TokenRow(t.token, t.DisplayName, t.token.ExpiresAt <= now)
            {
                Envs = t.token.ScopeEnvIds is { } ids
                    ? [.. ids.Select(id => envs.GetValueOrDefault(id, "a deleted env")).Order()]
                    : null,
            }),
        ];
    }

    /// <summary>In which browsers somebody is signed in, the one used last first.</summary>
    public async Task<List<OpenSession>> SessionsAsync(Guid userId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (now, epoch) = (clock.GetUtcNow(), await SessionEpoch.GetAsync(db, cancel));
        return await db.Sessions
            .Where(s => s.UserId == userId && s.EndedAt == null && s.EndsAt > now && s.Epoch == epoch)
            .OrderByDescending(s => s.LastUsedAt).ThenBy(s => s.Id)
            .Select(s => new OpenSession(s.Id, s.CreatedAt, s.LastUsedAt, s.Ip, s.UserAgent)).ToListAsync(cancel);
    }

    private IQueryable<BotRow> Rows(PlatzDb db, IQueryable<Bot> bots)
    {
        var now = clock.GetUtcNow();
        return bots.AsNoTracking().OrderBy(b => b.DisplayName).ThenBy(b => b.Id).Select(b => new BotRow(
            b,
            db.ApiTokens.Count(t => t.BotId == b.Id && t.RevokedAt == null && t.ExpiresAt > now),
            db.ApiTokens.Where(t => t.BotId == b.Id).Max(t => t.LastUsedAt),
            db.EnvPermissions.Count(p => p.BotId == b.Id) + db.DeploymentPermissions.Count(p => p.BotId == b.Id)));
    }
}

public sealed record UserPage(IReadOnlyList<UserRow> Items, int Total, int Number, int Pages);

/// <param name="Envs">In how many they have a role; a site admin is in all.</param>
/// <param name="Tokens">How many are alive.</param>
/// <param name="Sessions">In how many browsers they are signed in.</param>
public sealed record UserRow(User User, int Envs, int Tokens, int Sessions);

/// <param name="UserAgent">What the browser says of itself.</param>
public sealed record OpenSession(Guid Id, DateTimeOffset Began, DateTimeOffset LastUsed, IPAddress? Address, string? UserAgent);

/// <param name="Tokens">How many it can sign in with.</param>
public sealed record BotRow(Bot Bot, int Tokens, DateTimeOffset? LastUsedAt, int Roles);

/// <param name="Role">Null for who has roles for kinds alone.</param>
public sealed record RolesInEnv(string Env, EnvRole? Role, IReadOnlyList<RoleOfKind> Kinds);

public sealed record RoleOfKind(string Kind, KindRole Role);

/// <param name="CreatedBy">Null for those from before that was noted.</param>
public sealed record TokenRow(ApiToken Token, string? CreatedBy, bool IsExpired)
{
    /// <summary>Where it may be used; null for everywhere its owner may be.</summary>
    public IReadOnlyList<string>? Envs { get; init; }
}
