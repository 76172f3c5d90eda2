using Platz.Core.Identity;

namespace Platz.Web.Activity;

/// <summary>Where the name of an actor leads to, from where one is: to what else they did.</summary>
public sealed record ActorLinks(Func<Actor, string> Address)
{
    /// <summary>In all envs.</summary>
    public static ActorLinks Everywhere { get; } = new(actor => $"{Links.AllActivity}?{Only(actor)}");

    public static ActorLinks In(string env) => new(actor => $"{Links.Activity(env)}?{Only(actor)}");

    private static string Only(Actor actor) =>
        $"{TaskFilterQuery.Actor}={Uri.EscapeDataString(TaskFilterQuery.Write(ActorRef.Of(actor)))}";
}
