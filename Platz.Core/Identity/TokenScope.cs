namespace Platz.Core.Identity;

/// <summary>The highest role that a token may use.</summary>
public enum ScopeRole
{
    User,
    Maintainer,
    Owner,
    Admin,
}

/// <summary>
/// What a token may do at most, whatever its owner may: in these envs, with no higher role than this. With a scope
/// nobody is a site admin.
/// </summary>
/// <param name="EnvIds">Null for all envs of the owner.</param>
/// <param name="Most">Null for the roles of the owner.</param>
public sealed record TokenScope(IReadOnlySet<Guid>? EnvIds, ScopeRole? Most)
{
    /// <summary>Null for a token that may do what its owner may.</summary>
    public static TokenScope? Of(IEnumerable<Guid>? envIds, ScopeRole? most) =>
        envIds is null && most is null ? null : new TokenScope(envIds?.ToHashSet(), most);

    public bool Includes(Guid envId) => EnvIds?.Contains(envId) is not false;

    /// <summary>Whether it allows nothing that the other does not.</summary>
    public bool IsWithin(TokenScope other) => (other.EnvIds is null || EnvIds?.IsSubsetOf(other.EnvIds) is true)
        && (other.Most is null || Most <= other.Most);

    public Standing Cap(Standing standing) => Most switch
    {
        null => standing,
        ScopeRole.User => Lower(standing, Standing.Member),
        ScopeRole.Maintainer => Lower(standing, Standing.Maintainer),
        ScopeRole.Owner => Lower(standing, Standing.Owner),
        _ => Lower(standing, Standing.EnvAdmin),
    };

    public bool Equals(TokenScope? other) => other is not null && Most == other.Most
        && (EnvIds is null ? other.EnvIds is null : other.EnvIds is { } envs && EnvIds.SetEquals(envs));

    public override int GetHashCode() =>
        HashCode.Combine(Most, EnvIds?.Aggregate(0, (sum, id) => sum ^ id.GetHashCode()));

    private static Standing Lower(Standing a, Standing b) => a < b ? a : b;
}
