namespace Platz.Core.Charts.Extensions;

/// <summary>A type of things that a deployment manages for others, databases for example (<c>resources.yaml</c>).</summary>
public sealed record ChartResourceType
{
    public required string Key { get; init; }

    public required string NameSingular { get; init; }

    public required string NamePlural { get; init; }

    public required string FontawesomeIcon { get; init; }

    /// <summary>Shared by all envs.</summary>
    public bool Global { get; init; }

    public required ValuesUi Form { get; init; }

    /// <summary>Null: not offered.</summary>
    public LifecycleAction? Create { get; init; }

    public LifecycleAction? Update { get; init; }

    public LifecycleAction? Delete { get; init; }
}

/// <param name="AllowedRole">Null: Maintainer.</param>
/// <param name="Target">Null: nothing is called, the change holds at once.</param>
public sealed record LifecycleAction(ActionRole? AllowedRole, HttpTarget? Target);
