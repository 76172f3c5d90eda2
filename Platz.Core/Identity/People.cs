using System.Net;

namespace Platz.Core.Identity;

/// <summary>A person. Never deleted, only deactivated, so that ids in the history stay valid.</summary>
public sealed class User
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required string DisplayName { get; set; }

    public required string Email { get; set; }

    public bool IsAdmin { get; set; }

    public bool IsActive { get; set; } = true;

    public DateTimeOffset? LastSignInAt { get; set; }
}

/// <summary>A program that acts on its own, a CI job for example.</summary>
public sealed class Bot
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required string DisplayName { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>An API token of one user or one bot. Only its HMAC is kept.</summary>
public sealed class ApiToken
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? UserId { get; init; }

    public Guid? BotId { get; init; }

    public required string Name { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>Enough of it to know it again in a list, see <see cref="TokenText.Shown"/>.</summary>
    public required string Shown { get; init; }

    /// <summary>Who made it; only users make tokens of bots.</summary>
    public Guid? CreatedByUserId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>From where it may be used, <c>10.0.0.0/8</c> for example; from anywhere when empty.</summary>
    public string[] Cidrs { get; init; } = [];

    /// <summary>Where it may be used; in all envs of its owner when null.</summary>
    public Guid[]? ScopeEnvIds { get; init; }

    /// <summary>The most it may be used for; all that its owner may do when null.</summary>
    public ScopeRole? ScopeRole { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public IPAddress? LastUsedIp { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A sign-in link that works once, for a machine of one's own (contract 3).</summary>
public sealed class SignInLink
{
    public required byte[] Hash { get; init; }

    public required Guid UserId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}

public enum EnvRole
{
    User,
    Admin,
}

public enum KindRole
{
    Maintainer,
    Owner,
}

/// <summary>What a user or bot may do in an env.</summary>
public sealed class EnvPermission
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required Guid EnvId { get; init; }

    public Guid? UserId { get; init; }

    public Guid? BotId { get; init; }

    public required EnvRole Role { get; set; }
}

/// <summary>What a user or bot may do with the deployments of one kind in an env.</summary>
public sealed class DeploymentPermission
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required Guid EnvId { get; init; }

    public required Guid KindId { get; init; }

    public Guid? UserId { get; init; }

    public Guid? BotId { get; init; }

    public required KindRole Role { get; set; }
}
