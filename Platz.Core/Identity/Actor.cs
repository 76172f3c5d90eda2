using System.Diagnostics;

namespace Platz.Core.Identity;

/// <summary>Who asked: exactly one user, bot or deployment, with the name it had then.</summary>
public abstract record Actor(Guid Id, string Name)
{
    public sealed record User(Guid Id, string Name) : Actor(Id, Name);

    public sealed record Bot(Guid Id, string Name) : Actor(Id, Name);

    public sealed record Deployment(Guid Id, string Name) : Actor(Id, Name);

    /// <summary>Of the token that is used: what it may do at most, whatever the actor may.</summary>
    public TokenScope? Scope { get; init; }

    /// <summary>No part of who somebody is: two actors that differ in this alone are equal.</summary>
    public Origin Origin { get; init; } = Origin.Unknown;

    public Guid? UserId => (this as User)?.Id;

    public Guid? BotId => (this as Bot)?.Id;

    public Guid? DeploymentId => (this as Deployment)?.Id;

    public static Actor From(Guid? userId, Guid? botId, Guid? deploymentId, string name) =>
        (userId, botId, deploymentId) switch
        {
            ({ } id, null, null) => new User(id, name),
            (null, { } id, null) => new Bot(id, name),
            (null, null, { } id) => new Deployment(id, name),
            _ => throw new UnreachableException("A task has exactly one actor."),
        };

    public virtual bool Equals(Actor? other) => other is not null && EqualityContract == other.EqualityContract
        && (Id, Name, Scope) == (other.Id, other.Name, other.Scope);

    public override int GetHashCode() => HashCode.Combine(EqualityContract, Id, Name, Scope);
}
