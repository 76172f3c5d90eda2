using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Who has which role in an env, and who could get one.</summary>
public sealed class MemberLists(IDbContextFactory<PlatzDb> databases)
{
    /// <summary>So many are offered at once; more letters find the rest.</summary>
    public const int Most = 20;

    /// <summary>Admins first, each by name.</summary>
    public async Task<List<EnvMember>> MembersAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await (
            from role in db.EnvPermissions.AsNoTracking()
            where role.EnvId == envId
            from user in db.Users.Where(u => u.Id == role.UserId).DefaultIfEmpty()
            from bot in db.Bots.Where(b => b.Id == role.BotId).DefaultIfEmpty()
            select new { role, user, bot }).ToListAsync(cancel);
        return
        [
            .. rows.Select(r => new EnvMember(r.role.Id, RoleHolder.Of(r.user, r.bot), r.role.Role, r.role.CreatedAt))
                .OrderByDescending(m => m.Role).ThenBy(m => m.Holder.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>Every kind there is, with who has a role for it here.</summary>
    public async Task<List<KindRoles>> KindRolesAsync(Guid envId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var kinds = await db.Kinds.AsNoTracking().OrderBy(k => k.Name).ToListAsync(cancel);
        var rows = await (
            from role in db.DeploymentPermissions.AsNoTracking()
            where role.EnvId == envId
            from user in db.Users.Where(u => u.Id == role.UserId).DefaultIfEmpty()
            from bot in db.Bots.Where(b => b.Id == role.BotId).DefaultIfEmpty()
            select new { role, user, bot }).ToListAsync(cancel);
        var held = rows
            .Select(r => (r.role.KindId, Role: new KindRoleHeld(r.role.Id, RoleHolder.Of(r.user, r.bot), r.role.Role)))
            .OrderBy(r => r.Role.Holder.Name, StringComparer.OrdinalIgnoreCase).ToLookup(r => r.KindId, r => r.Role);
        return [.. kinds.Select(kind => new KindRoles(kind.Id, kind.Name, [.. held[kind.Id]]))];
    }

    /// <summary>
    /// Who can be given a role: by a part of their name, or by their whole e-mail address. The address of somebody who
    /// shares no env with the reader is not told.
    /// </summary>
    public async Task<List<RoleHolder>> CandidatesAsync(string text, Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var envs = (await Access.GrantsAsync(db, actor, cancel)).Visible;
        var seen = PeopleSeen.Users(db, envs);
        var (pattern, whole) = (SqlPattern.Containing(text), SqlPattern.Equal(text));
        var users = await db.Users.AsNoTracking()
            .Where(u => u.IsActive && (EF.Functions.ILike(u.DisplayName, pattern, SqlPattern.Escape)
                || EF.Functions.ILike(u.Email, whole, SqlPattern.Escape)))
            .OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(Most)
            .Select(u => new { u.Id, u.DisplayName, Email = seen.Any(s => s.Id == u.Id) ? u.Email : null })
            .ToListAsync(cancel);
        var bots = await db.Bots.AsNoTracking()
            .Where(b => b.DeletedAt == null && EF.Functions.ILike(b.DisplayName, pattern, SqlPattern.Escape))
            .OrderBy(b => b.DisplayName).ThenBy(b => b.Id).Take(Most)
            .Select(b => new { b.Id, b.DisplayName }).ToListAsync(cancel);
        return
        [
            .. users.Select(u => new RoleHolder(new ActorRef(ActorKind.User, u.Id), u.DisplayName, u.Email)),
            .. bots.Select(b => new RoleHolder(new ActorRef(ActorKind.Bot, b.Id), b.DisplayName, null)),
        ];
    }
}

/// <param name="Id">Of the role.</param>
public sealed record EnvMember(Guid Id, RoleHolder Holder, EnvRole Role, DateTimeOffset Since);

public sealed record KindRoles(Guid KindId, string Kind, IReadOnlyList<KindRoleHeld> Held);

/// <param name="Id">Of the role.</param>
public sealed record KindRoleHeld(Guid Id, RoleHolder Holder, KindRole Role);
