namespace Platz.Core.Charts.Extensions;

/// <summary>Something that people can make a deployment do: one HTTP call to its own ingress (<c>actions.yaml</c>).</summary>
public sealed record ChartAction
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required ActionRole AllowedRole { get; init; }

    /// <summary>Names of the status the chart itself reports; empty for any.</summary>
    public IReadOnlyList<string> AllowedOnStatuses { get; init; } = [];

    public string? FontawesomeIcon { get; init; }

    public bool Dangerous { get; init; }

    public required HttpTarget Target { get; init; }

    /// <summary>Null: what is typed is sent as it is.</summary>
    public ValuesUi? Form { get; init; }
}

public enum ActionRole
{
    Maintainer,
    Owner,
}

/// <summary>A place on the deployment's standard ingress.</summary>
/// <param name="Path">Begins with one slash.</param>
public sealed record HttpTarget(string Path, HttpVerb Method);

public enum HttpVerb
{
    GET,
    POST,
    PUT,
    PATCH,
    DELETE,
}
