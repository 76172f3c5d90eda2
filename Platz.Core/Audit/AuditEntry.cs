using System.Text.Json.Nodes;
using Platz.Core.Identity;

namespace Platz.Core.Audit;

/// <summary>What to add to the audit trail. Secrets are told by their name alone.</summary>
/// <param name="Action">One of <see cref="AuditAction"/>.</param>
public sealed record AuditEntry(string Action, AuditActor Actor, AuditSubject Subject)
{
    public AuditOutcome Outcome { get; init; } = AuditOutcome.Done;

    /// <summary>Whose Admins may read it; null for what concerns the whole site.</summary>
    public Guid? EnvId { get; init; }

    /// <summary>Strings, integers, booleans, nulls, lists and objects of them; see <see cref="AuditCanon"/>.</summary>
    public JsonObject Detail { get; init; } = [];
}

/// <summary>Who did it, with the name it had then.</summary>
public sealed record AuditActor(AuditActorKind Kind, Guid? Id, string Name, Origin Origin)
{
    public static AuditActor System { get; } = new(AuditActorKind.System, Id: null, "Platz", Origin.Unknown);

    /// <summary>Somebody who is not signed in, or who is not let in.</summary>
    public static AuditActor Anonymous(Origin origin) => new(AuditActorKind.Anonymous, Id: null, "", origin);

    public static AuditActor Of(Actor actor) => new(
        actor switch
        {
            Actor.User => AuditActorKind.User,
            Actor.Bot => AuditActorKind.Bot,
            _ => AuditActorKind.Deployment,
        },
        actor.Id, actor.Name, actor.Origin);
}

/// <summary>What it was done to.</summary>
/// <param name="Kind">In the words of the product: user, bot, token, env, cluster, registry, kind, secret …</param>
public sealed record AuditSubject(string Kind, Guid? Id, string Name);
