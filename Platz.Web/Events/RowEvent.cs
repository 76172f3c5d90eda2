using System.Text.Json.Serialization;
using Platz.Core.Data;

namespace Platz.Web.Events;

/// <summary>A row has changed: upstream's message (upstream-facts 6.4). Whoever shows the row reads it again.</summary>
internal sealed record RowEvent(string Operation, string Table, Guid? EnvId, RowEventData Data)
{
    /// <summary>Null where the rows were too many to be named.</summary>
    public static IReadOnlyList<RowEvent>? Of(Change change)
    {
        if (change.Rows is not { } rows || IsOfDeployments(change))
        {
            return null;
        }

        var operation = change.Operation switch
        {
            ChangeOperation.Insert => "INSERT",
            ChangeOperation.Delete => "DELETE",
            _ => "UPDATE",
        };
        return [.. rows.Select(row => new RowEvent(operation, change.Table, change.EnvId, new RowEventData(row.Id)))];
    }

    /// <summary>Of many Kubernetes objects at once only the deployments are told.</summary>
    private static bool IsOfDeployments(Change change) =>
        change is { Table: "k8s_resources", Rows: { } rows } && rows.Any(row => row.Id == row.DeploymentId);
}

internal sealed record RowEventData(Guid Id);

/// <summary>What a client asks for.</summary>
internal sealed record EventRequest(string? Type, string? Table, Guid? EnvId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RowEvent))]
[JsonSerializable(typeof(EventRequest))]
internal sealed partial class EventJson : JsonSerializerContext;
