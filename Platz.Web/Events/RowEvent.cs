using System.Text.Json.Serialization;
using Platz.Core.Data;

namespace Platz.Web.Events;

/// <summary>A row has changed: upstream's message (upstream-facts 6.4). Whoever shows the row reads it again.</summary>
internal sealed record RowEvent(string Operation, string Table, Guid? EnvId, RowEventData? Data)
{
    /// <summary>Null where the rows were too many to be named.</summary>
    public static IReadOnlyList<RowEvent>? Of(Change change) => change.Rows is not { } rows || IsOfDeployments(change)
        ? null
        : [.. rows.Select(row => OfMany(change) with { Data = new RowEventData(row.Id) })];

    /// <summary>Any row of the table, in the env, may be meant.</summary>
    public static RowEvent OfMany(Change change) => new(Verb(change.Operation), change.Table, change.EnvId, Data: null);

    private static string Verb(ChangeOperation operation) => operation switch
    {
        ChangeOperation.Insert => "INSERT",
        ChangeOperation.Delete => "DELETE",
        _ => "UPDATE",
    };

    /// <summary>Of many Kubernetes objects at once only the deployments are told.</summary>
    private static bool IsOfDeployments(Change change) =>
        change is { Table: "k8s_resources", Rows: { } rows } && rows.Any(row => row.Id == row.DeploymentId);
}

public sealed record RowEventData(Guid Id);

/// <summary>The same for a client of <see cref="EventsHub"/>.</summary>
/// <param name="Sequence">Its place in the <see cref="EventStream"/>: with that the <see cref="EventPosition"/> after it.</param>
/// <param name="Data">Null where the rows were too many to be named: any of the table, in the env, may be meant.</param>
public sealed record NumberedEvent(
    Guid Stream, long Sequence, string Operation, string Table, Guid? EnvId, RowEventData? Data);

/// <summary>What a client asks for.</summary>
internal sealed record EventRequest(string? Type, string? Table, Guid? EnvId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RowEvent))]
[JsonSerializable(typeof(EventRequest))]
internal sealed partial class EventJson : JsonSerializerContext;
