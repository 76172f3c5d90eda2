using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>Somebody who has a role, or could get one.</summary>
/// <param name="Email">Null for bots, and for whose address is not the reader's to see.</param>
public sealed record RoleHolder(ActorRef Who, string Name, string? Email)
{
    /// <summary>Deactivated, or deleted: a role that is of no use any more.</summary>
    public bool IsGone { get; init; }

    public bool IsBot => Who.Kind is ActorKind.Bot;

    /// <summary>Who can be given a role; null when there is nobody, or nobody any more.</summary>
    internal static async Task<RoleHolder?> FindAsync(PlatzDb db, ActorRef who, CancellationToken cancel) => who.Kind switch
    {
        ActorKind.User => await db.Users.AsNoTracking().Where(u => u.Id == who.Id && u.IsActive)
            .Select(u => new RoleHolder(who, u.DisplayName, u.Email)).SingleOrDefaultAsync(cancel),
        ActorKind.Bot => await db.Bots.AsNoTracking().Where(b => b.Id == who.Id && b.DeletedAt == null)
            .Select(b => new RoleHolder(who, b.DisplayName, null)).SingleOrDefaultAsync(cancel),
        _ => null, // a deployment's credentials get what a deployment may do, and no more
    };

    internal static RoleHolder Of(User? user, Bot? bot) => (user, bot) switch
    {
        ({ } person, _) => new RoleHolder(new ActorRef(ActorKind.User, person.Id), person.DisplayName, person.Email)
        {
            IsGone = !person.IsActive,
        },
        (_, { } program) => new RoleHolder(new ActorRef(ActorKind.Bot, program.Id), program.DisplayName, null)
        {
            IsGone = program.DeletedAt is not null,
        },
        _ => throw new InvalidOperationException("A role has exactly one holder."),
    };
}
