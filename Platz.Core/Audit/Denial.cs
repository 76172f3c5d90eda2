using Platz.Core.Identity;

namespace Platz.Core.Audit;

/// <summary>That somebody asked for what they may not do.</summary>
/// <param name="Subject">Named without what differs each time.</param>
public sealed record Denial(Actor Actor, AuditSubject Subject)
{
    /// <summary>Where it was to be; null for what concerns the whole site.</summary>
    public Guid? EnvId { get; init; }

    /// <summary>What they lack; null where that is not known.</summary>
    public Permission? Needs { get; init; }

    /// <param name="what">Method and route.</param>
    public static Denial OfRequest(Actor actor, string what, Guid? subject) => new(actor, new("request", subject, what));

    /// <summary>For all that is not told of somebody who was refused too often.</summary>
    internal static Denial OfMore(Actor actor) => new(actor, new("more", Id: null, "more than is told"));

    public static Denial OfPage(Actor actor, Permission needs, Guid? envId) =>
        new(actor, new("page", Id: null, $"the page to {Access.Act(needs)}")) { EnvId = envId, Needs = needs };

    internal static Denial OfCommand(Actor actor, Permission needs, Guid? envId) =>
        OfCommand(actor, Access.Act(needs)) with { EnvId = envId, Needs = needs };

    /// <param name="act">As <see cref="Access.Act"/> would say it: no right is what they lack.</param>
    internal static Denial OfCommand(Actor actor, string act) => new(actor, new("command", Id: null, act));
}
