using Platz.Core.Identity;

namespace Platz.Web.Activity;

/// <summary>Where the name of an actor leads to, from where one is: to what else they did.</summary>
public sealed record ActorLinks(Func<Actor, string> Address)
{
    private const int MostKept = 200;

    /// <summary>In all envs.</summary>
    public static ActorLinks Everywhere { get; } = new(actor => $"{Links.AllActivity}?{Only(actor)}");

    public static ActorLinks In(string env) => new(actor => $"{Links.Activity(env)}?{Only(actor)}");

    /// <summary>Within what a page asks for. Every row asks for one, and what makes it reads an address anew.</summary>
    public static ActorLinks Within(Func<ActivityQuery> asked, Func<ActivityQuery, string> address)
    {
        var query = asked();
        var kept = new Dictionary<ActorRef, string>();
        return new ActorLinks(actor =>
        {
            if (!ReferenceEquals(query, asked()) || kept.Count >= MostKept)
            {
                query = asked();
                kept.Clear();
            }

            var one = ActorRef.Of(actor);
            return kept.TryGetValue(one, out var known)
                ? known
                : kept[one] = address(query.Set(TaskFilterQuery.Actor, TaskFilterQuery.Write(one)));
        });
    }

    private static string Only(Actor actor) =>
        $"{TaskFilterQuery.Actor}={Uri.EscapeDataString(TaskFilterQuery.Write(ActorRef.Of(actor)))}";
}
