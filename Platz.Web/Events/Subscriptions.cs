using System.Collections.Immutable;

namespace Platz.Web.Events;

/// <summary>What somebody wants to hear of: a table, in one env or in all.</summary>
public sealed record Subscription(string Table, Guid? EnvId);

/// <summary>All that one connection wants to hear of.</summary>
internal sealed class Subscriptions
{
    public const int Most = 200;

    public static readonly Subscriptions None = new([]);

    private readonly ImmutableHashSet<Subscription> _all;

    private Subscriptions(ImmutableHashSet<Subscription> all) => _all = all;

    public bool Include(string table, Guid? env) =>
        _all.Contains(new(table, null)) || (env is not null && _all.Contains(new(table, env)));

    /// <returns>Null where that would be more than <see cref="Most"/>.</returns>
    public Subscriptions? With(IEnumerable<Subscription> more) =>
        _all.Union(more) is { Count: <= Most } all ? new(all) : null;

    public Subscriptions Without(IEnumerable<Subscription> some) => new(_all.Except(some));
}
