namespace Platz.Core.Identity;

public enum ActorKind
{
    User,
    Bot,
    Deployment,
}

/// <summary>Somebody to look for: an <see cref="Actor"/> without the name, which may have changed since.</summary>
public readonly record struct ActorRef(ActorKind Kind, Guid Id)
{
    public static ActorRef Of(Actor actor) => new(
        actor switch
        {
            Actor.User => ActorKind.User,
            Actor.Bot => ActorKind.Bot,
            _ => ActorKind.Deployment,
        },
        actor.Id);
}
