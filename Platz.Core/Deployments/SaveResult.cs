using System.Text.Json.Nodes;

namespace Platz.Core.Deployments;

/// <summary>What came of a command on a deployment; everything a user may cause is a value.</summary>
public abstract record SaveResult
{
    /// <param name="TaskId">The task that was queued with the change; null when none was needed.</param>
    public sealed record Saved(Guid DeploymentId, Guid? TaskId) : SaveResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SaveResult
    {
        public Invalid(string field, string message) : this([new FieldError(field, message)])
        {
        }
    }

    /// <summary>Somebody else was first, or something else stands in the way.</summary>
    public sealed record Conflict(string Message, string? Field = null) : SaveResult;

    public sealed record NotFound : SaveResult;
}

/// <param name="Field">The name that the API gives it, <c>helm_chart_id</c> for example.</param>
public sealed record FieldError(string Field, string Message);

/// <summary>A deployment to be made. One save is one <see cref="IdempotencyKey"/>: a double click makes one task.</summary>
public sealed record NewDeployment
{
    public required string Name { get; init; }

    public required Guid KindId { get; init; }

    public required Guid ClusterId { get; init; }

    public required Guid HelmChartId { get; init; }

    public JsonObject Config { get; init; } = [];

    public JsonObject ValuesOverride { get; init; } = [];

    public string? DescriptionMd { get; init; }

    /// <summary>Chosen by the caller so that a repeated request finds what the first one made.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public string? IdempotencyKey { get; init; }
}

/// <summary>What to change; null leaves a field as it is.</summary>
public sealed record DeploymentEdit
{
    public string? Name { get; init; }

    public Guid? ClusterId { get; init; }

    public Guid? HelmChartId { get; init; }

    public JsonObject? Config { get; init; }

    public JsonObject? ValuesOverride { get; init; }

    public bool? Enabled { get; init; }

    public string? DescriptionMd { get; init; }

    /// <summary>The <see cref="Deployment.Version"/> that the edit was made from; null saves over anything.</summary>
    public int? Version { get; init; }

    public string? IdempotencyKey { get; init; }

    public bool ChangesNothing => !ChangesWhatRuns && DescriptionMd is null;

    /// <summary>Only the description does not.</summary>
    public bool ChangesWhatRuns =>
        Name is not null || ClusterId is not null || HelmChartId is not null || Config is not null
        || ValuesOverride is not null || Enabled is not null;
}
