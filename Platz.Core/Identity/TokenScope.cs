namespace Platz.Core.Identity;

/// <summary>The highest role that a token may use.</summary>
public enum ScopeRole
{
    User,
    Maintainer,
    Owner,
    Admin,
}
