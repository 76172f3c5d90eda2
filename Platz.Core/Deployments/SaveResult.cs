using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

/// <summary>What came of a command on a deployment; everything a user may cause is a value.</summary>
public abstract record SaveResult
{
    /// <param name="TaskId">The task that was queued with the change; null when none was needed.</param>
    public sealed record Saved(Guid DeploymentId, Guid? TaskId) : SaveResult
    {
        /// <summary>Whether an earlier request of the same meaning had made the task already.</summary>
        public bool Repeated { get; init; }
    }

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SaveResult
    {
        public Invalid(string field, string message) : this([new FieldError(field, message)])
        {
        }
    }

    /// <summary>Somebody else was first, or something else stands in the way.</summary>
    public sealed record Conflict(string Message, string? Field = null) : SaveResult
    {
        /// <summary>It is not as whoever asked has seen it last.</summary>
        public bool IsStale { get; init; }

        internal static Conflict Stale { get; } =
            new("Somebody else has changed this deployment meanwhile.") { IsStale = true };
    }

    /// <summary>Whoever asked may see the deployment, but not do this.</summary>
    public sealed record Forbidden(string Message) : SaveResult
    {
        public Forbidden(Permission permission) : this($"This needs {Access.Needs(permission)}.")
        {
        }
    }

    public sealed record NotFound : SaveResult;

    internal static SaveResult Of(Guid deploymentId, RepeatedTask task) => task.IsOther
        ? new Invalid("Idempotency-Key", "Another request came with this key before. Every change needs a key of its own.")
        : new Saved(deploymentId, task.Id) { Repeated = true };

    /// <summary>In one sentence why nothing was saved.</summary>
    /// <param name="gone">What to say when what it was about is not there.</param>
    public string Refusal(string gone) => this switch
    {
        Invalid { Errors: [var first, ..] } => first.Message,
        Conflict conflict => conflict.Message,
        Forbidden forbidden => forbidden.Message,
        _ => gone,
    };
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

    /// <summary><see cref="ValuesOverride"/> as it was typed; null where it came as JSON.</summary>
    public string? ValuesOverrideYaml { get; init; }

    public string? DescriptionMd { get; init; }

    /// <summary>Chosen by the caller so that a repeated request finds what the first one made.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public IdempotencyKey? IdempotencyKey { get; init; }

    /// <summary>The row, still without its config.</summary>
    internal Deployment ToDeployment(string kindName) => new()
    {
        Id = Id,
        Name = Name,
        KindId = KindId,
        ClusterId = ClusterId,
        Namespace = Location.Name(kindName, Name),
        HelmChartId = HelmChartId,
        ValuesOverride = ValuesOverride,
        ValuesOverrideYaml = ValuesOverrideYaml,
        DescriptionMd = DescriptionMd,
    };
}

/// <summary>What to change; null leaves a field as it is.</summary>
public sealed record DeploymentEdit
{
    public string? Name { get; init; }

    public Guid? ClusterId { get; init; }

    public Guid? HelmChartId { get; init; }

    public JsonObject? Config { get; init; }

    public JsonObject? ValuesOverride { get; init; }

    /// <summary><see cref="ValuesOverride"/> as it was typed; null where it came as JSON.</summary>
    public string? ValuesOverrideYaml { get; init; }

    public bool? Enabled { get; init; }

    public string? DescriptionMd { get; init; }

    /// <summary>The <see cref="Deployment.Version"/> that the edit was made from; null saves over anything.</summary>
    public int? Version { get; init; }

    public IdempotencyKey? IdempotencyKey { get; init; }

    public bool ChangesNothing => !ChangesWhatRuns && DescriptionMd is null;

    /// <summary>What one must be allowed to; an override sent back as it is changes nothing.</summary>
    internal List<Permission> Needs(Deployment deployment)
    {
        var needs = new List<Permission>();
        Add(Permission.EnableOrDisable, Enabled is { } enabled && enabled != deployment.Enabled);
        Add(Permission.EditValuesOverride,
            ValuesOverride is not null && !JsonNode.DeepEquals(ValuesOverride, deployment.ValuesOverride));
        Add(Permission.EditDeployment, needs.Count == 0 || (Name ?? DescriptionMd) is not null
            || (ClusterId ?? HelmChartId) is not null || Config is not null);
        return needs;

        void Add(Permission permission, bool needed)
        {
            if (needed)
            {
                needs.Add(permission);
            }
        }
    }

    internal void ApplyTo(Deployment deployment, string kindName)
    {
        if (Name is not null && Name != deployment.Name)
        {
            deployment.Name = Name;
            deployment.Namespace = Location.Name(kindName, Name);
        }

        deployment.ClusterId = ClusterId ?? deployment.ClusterId;
        deployment.HelmChartId = HelmChartId ?? deployment.HelmChartId;
        if (ValuesOverride is not null)
        {
            (deployment.ValuesOverride, deployment.ValuesOverrideYaml) = (ValuesOverride, ValuesOverrideYaml);
        }

        deployment.Enabled = Enabled ?? deployment.Enabled;
        deployment.DescriptionMd = DescriptionMd ?? deployment.DescriptionMd;
        deployment.Version++;
    }

    /// <summary>Only the description does not.</summary>
    public bool ChangesWhatRuns =>
        Name is not null || ClusterId is not null || HelmChartId is not null || Config is not null
        || ValuesOverride is not null || Enabled is not null;
}
