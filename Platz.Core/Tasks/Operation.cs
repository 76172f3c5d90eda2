using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platz.Core.Tasks;

/// <summary>
/// What a task does: the JSON kept in <c>deployment_tasks.operation</c>, in the externally tagged form of the existing
/// product (<c>{"Upgrade":{…}}</c>), with its field names.
/// </summary>
[JsonConverter(typeof(OperationJson))]
public abstract record Operation
{
    /// <summary>The tag in the JSON, kept in <c>op_kind</c> too, so that a runner claims only what it knows.</summary>
    [JsonIgnore]
    public string Kind => this is UnreadableOperation unreadable ? unreadable.OpKind : GetType().Name;
}

/// <summary>An operation that runs Helm with a chart and its inputs.</summary>
public interface IInstallsChart
{
    Guid HelmChartId { get; }

    JsonObject ConfigInputs { get; }

    JsonObject? ValuesOverride { get; }
}

/// <summary>An operation that replaces what was installed, and tells in what it differs.</summary>
public interface IChangesInputs : IInstallsChart
{
    /// <summary>Null of a Recreate that an earlier version has queued.</summary>
    Guid? PrevHelmChartId { get; }

    /// <summary>Dotted path to [old, new]; see <see cref="Deployments.ConfigDiff"/>.</summary>
    JsonObject? ConfigDelta { get; }

    JsonObject? ValuesOverrideDelta { get; }
}

public sealed record Install(Guid HelmChartId, JsonObject ConfigInputs, JsonObject? ValuesOverride = null)
    : Operation, IInstallsChart;

public sealed record Upgrade(
    Guid HelmChartId,
    Guid? PrevHelmChartId,
    JsonObject ConfigInputs,
    JsonObject? ConfigDelta = null,
    JsonObject? ValuesOverride = null,
    JsonObject? ValuesOverrideDelta = null) : Operation, IChangesInputs;

/// <param name="HelmChartId">Recorded, with the inputs, when the task starts: those of the revision current then.</param>
public sealed record Reinstall(
    string Reason,
    IReadOnlyList<ReinstallCause> Causes,
    Guid? HelmChartId = null,
    JsonObject? ConfigInputs = null,
    JsonObject? ValuesOverride = null) : Operation;

public sealed record ReinstallCause(string Text, string Actor, DateTimeOffset At);

public sealed record Recreate(
    Guid OldClusterId,
    string OldNamespace,
    Guid NewClusterId,
    string NewNamespace,
    Guid HelmChartId,
    JsonObject ConfigInputs,
    JsonObject? ValuesOverride,
    Guid? PrevHelmChartId = null,
    JsonObject? ConfigDelta = null,
    JsonObject? ValuesOverrideDelta = null) : Operation, IChangesInputs
{
    /// <summary>Whether more than the place was changed in the same save.</summary>
    [JsonIgnore]
    public bool ChangesMore => (PrevHelmChartId ?? HelmChartId) != HelmChartId
        || ConfigDelta is { Count: > 0 } || ValuesOverrideDelta is { Count: > 0 };
}

public sealed record Uninstall : Operation;

/// <param name="Body">The inputs as typed by the caller, not the rendered HTTP body.</param>
public sealed record InvokeAction(Guid HelmChartId, string ActionId, JsonObject Body) : Operation;

public sealed record RestartK8sResource(Guid ResourceId, string ResourceName, string? ResourceKind = null) : Operation;

/// <summary>JSON of a newer version, or damaged: shown as it is, never run (faults.md, poison isolation).</summary>
public sealed record UnreadableOperation(string OpKind, string Json) : Operation;
