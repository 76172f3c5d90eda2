using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Who is shown to whom: a site admin sees everybody, others those they share an env with, site admins too.</summary>
internal static class PeopleSeen
{
    /// <param name="envs">Those that the reader is in; null for all.</param>
    public static IQueryable<User> Users(PlatzDb db, IReadOnlyList<Guid>? envs)
    {
        var isInNone = envs is [];
        return db.Users.Where(u => envs == null || (u.IsAdmin && !isInNone)
            || db.EnvPermissions.Any(p => p.UserId == u.Id && envs.Contains(p.EnvId))
            || db.DeploymentPermissions.Any(p => p.UserId == u.Id && envs.Contains(p.EnvId)));
    }

    /// <inheritdoc cref="Users"/>
    public static IQueryable<Bot> Bots(PlatzDb db, IReadOnlyList<Guid>? envs) =>
        db.Bots.Where(b => envs == null
            || db.EnvPermissions.Any(p => p.BotId == b.Id && envs.Contains(p.EnvId))
            || db.DeploymentPermissions.Any(p => p.BotId == b.Id && envs.Contains(p.EnvId)));
}
