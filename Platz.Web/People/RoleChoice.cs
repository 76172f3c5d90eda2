using Platz.Core.Identity;

namespace Platz.Web.People;

/// <summary>A role that can be chosen, and what it lets one do.</summary>
public sealed record RoleChoice(string Role, string Meaning)
{
    public static readonly IReadOnlyList<RoleChoice> OfEnv =
    [
        new(nameof(EnvRole.User), "Sees everything in the env; what they may change is told by their roles for kinds."),
        new(nameof(EnvRole.Admin), "May do everything in the env but say where its pods run, and decides who is in it."),
    ];

    public static readonly IReadOnlyList<RoleChoice> OfKind =
    [
        new(nameof(KindRole.Maintainer), "Changes chart versions and config, restarts, cancels tasks."),
        new(nameof(KindRole.Owner), "Creates, disables and deletes too, and reads and changes the values override."),
    ];
}

/// <summary>What was chosen.</summary>
/// <param name="KindId">Null for a role in the env as a whole.</param>
public sealed record RoleGrant(ActorRef Who, string Role, Guid? KindId);

/// <summary>What has become of it, for the words that say so.</summary>
/// <param name="Kind">Null for a role in the env as a whole.</param>
public sealed record RoleGiven(string Holder, string Role, string? Kind);
