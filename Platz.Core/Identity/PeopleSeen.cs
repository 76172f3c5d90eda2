using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Who is shown to whom: a site admin sees everybody, others those they share an env with, site admins too.</summary>
public static class PeopleSeen
{
    /// <summary>For the credentials of a deployment there is nobody: who people are is not a chart's to know.</summary>
    public static async Task<IQueryable<User>> UsersAsync(PlatzDb db, Actor actor, CancellationToken cancel)
    {
        var envs = actor is Actor.Deployment ? [] : (await Access.GrantsAsync(db, actor, cancel)).Visible;
        var seen = Users(db, envs);
        return db.Users.Where(u => u.Id == actor.UserId || seen.Any(s => s.Id == u.Id));
    }

    /// <inheritdoc cref="UsersAsync"/>
    public static async Task<IQueryable<Bot>> BotsAsync(PlatzDb db, Actor actor, CancellationToken cancel)
    {
        var envs = actor is Actor.Deployment ? [] : (await Access.GrantsAsync(db, actor, cancel)).Visible;
        var seen = Bots(db, envs);
        return db.Bots.Where(b => b.DeletedAt == null && (b.Id == actor.BotId || seen.Any(s => s.Id == b.Id)));
    }

    /// <param name="envs">Those that the reader is in; null for all.</param>
    internal static IQueryable<User> Users(PlatzDb db, IReadOnlyList<Guid>? envs)
    {
        var isInNone = envs is [];
        return db.Users.Where(u => envs == null || (u.IsAdmin && !isInNone)
            || db.EnvPermissions.Any(p => p.UserId == u.Id && envs.Contains(p.EnvId))
            || db.DeploymentPermissions.Any(p => p.UserId == u.Id && envs.Contains(p.EnvId)));
    }

    /// <inheritdoc cref="Users"/>
    internal static IQueryable<Bot> Bots(PlatzDb db, IReadOnlyList<Guid>? envs) =>
        db.Bots.Where(b => envs == null
            || db.EnvPermissions.Any(p => p.BotId == b.Id && envs.Contains(p.EnvId))
            || db.DeploymentPermissions.Any(p => p.BotId == b.Id && envs.Contains(p.EnvId)));
}
