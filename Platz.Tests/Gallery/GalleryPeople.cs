using System.Net;
using Platz.Core.Data;
using Platz.Core.Identity;

namespace Platz.Tests.Gallery;

/// <summary>Who has gone, what somebody may besides, and tokens in the states that look different.</summary>
internal static class GalleryPeople
{
    /// <param name="reader">Who looks at the gallery.</param>
    public static void Add(PlatzDb db, GalleryWorld world, Guid reader, DateTimeOffset now)
    {
        var gone = new User { DisplayName = "Sam Okafor", Email = "sam@example.org", IsActive = false };
        db.Add(gone);
        db.AddRange(
            new EnvPermission { EnvId = world.Production.Id, UserId = gone.Id, Role = EnvRole.User },
            new EnvPermission { EnvId = world.Production.Id, BotId = world.Ci.Id, Role = EnvRole.User },
            Role(world, world.Dana, world.Worker.Id, KindRole.Owner), Role(world, world.Ravi, world.Web.Id, KindRole.Owner),
            Role(world, gone, world.Web.Id, KindRole.Maintainer));
        db.AddRange(
            new ApiToken
            {
                BotId = world.Ci.Id,
                Name = "pipeline",
                Hash = [1],
                Shown = "pltz_b_Qm3x…x8Lk",
                CreatedByUserId = reader,
                ExpiresAt = now.AddDays(60),
                Cidrs = ["10.20.0.0/16"],
                ScopeEnvIds = [world.Production.Id],
                ScopeRole = ScopeRole.Maintainer,
                LastUsedAt = now.AddMinutes(-12),
                LastUsedIp = IPAddress.Parse("10.20.4.7"),
            },
            new ApiToken
            {
                BotId = world.Ci.Id,
                Name = "nightly",
                Hash = [2],
                Shown = "pltz_b_7hYz…0Tqa",
                CreatedByUserId = reader,
                ExpiresAt = now.AddDays(-2),
            });
    }

    private static DeploymentPermission Role(GalleryWorld world, User user, Guid kindId, KindRole role) =>
        new() { EnvId = world.Production.Id, KindId = kindId, UserId = user.Id, Role = role };
}
