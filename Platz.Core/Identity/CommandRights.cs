using Platz.Core.Audit;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// What commands ask of <see cref="Access"/>, and nobody who only looks what to offer: where they refuse, the audit trail
/// is told once they are over.
/// </summary>
internal static class CommandRights
{
    /// <summary>Whether somebody may do what belongs to no env.</summary>
    public static async Task<bool> AdmitsAsync(
        this PlatzDb db, Actor actor, Permission needs, CancellationToken cancel) =>
        db.Admits(actor, await Access.OfAsync(db, actor, envId: null, kindId: null, cancel), needs, envId: null);

    /// <param name="standing">What they are, where it is to be done.</param>
    public static bool Admits(this PlatzDb db, Actor actor, Standing standing, Permission needs, Guid? envId)
    {
        if (standing.Allows(needs))
        {
            return true;
        }

        db.Deny(actor, needs, envId);
        return false;
    }

    /// <summary>They lack a right; <see cref="Admits"/> has not been asked for it.</summary>
    public static void Deny(this PlatzDb db, Actor actor, Permission needs, Guid? envId) =>
        db.Denial ??= Denial.OfCommand(actor, needs, envId);

    /// <summary>They are refused for what the table of rights does not know.</summary>
    /// <param name="act">What it was to do.</param>
    public static void Deny(this PlatzDb db, Actor actor, string act) => db.Denial ??= Denial.OfCommand(actor, act);
}
