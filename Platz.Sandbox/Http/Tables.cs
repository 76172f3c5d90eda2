using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>The tables <c>kubectl get</c> prints.</summary>
internal static class Tables
{
    private static readonly (string, Func<JsonObject, string>)[] s_none = [];

    private static readonly Dictionary<ResourceType, (string Title, Func<JsonObject, string> Value)[]> s_columns = new()
    {
        [ResourceTypes.Namespaces] = [("Status", json => json.Text("status", "phase") ?? "")],
        [ResourceTypes.Nodes] =
            [("Status", NodeStatus), ("Version", json => json.Text("status", "nodeInfo", "kubeletVersion") ?? "")],
        [ResourceTypes.Pods] = [("Ready", PodReady), ("Status", PodStatus), ("Restarts", PodRestarts)],
        [ResourceTypes.Secrets] = [("Type", json => json.Text("type") ?? ""), ("Data", Count("data"))],
        [ResourceTypes.ConfigMaps] = [("Data", Count("data"))],
        [ResourceTypes.Services] =
        [
            ("Type", json => json.Text("spec", "type") ?? ""),
            ("Cluster-IP", json => json.Text("spec", "clusterIP") ?? "<none>"),
            ("Port(s)", Ports),
        ],
        [ResourceTypes.Deployments] =
        [
            ("Ready", json => $"{Text(json, "status", "readyReplicas")}/{Text(json, "spec", "replicas")}"),
            ("Up-to-date", json => Text(json, "status", "updatedReplicas")),
            ("Available", json => Text(json, "status", "availableReplicas")),
        ],
        [ResourceTypes.ReplicaSets] =
        [
            ("Desired", json => Text(json, "spec", "replicas")),
            ("Current", json => Text(json, "status", "replicas")),
            ("Ready", json => Text(json, "status", "readyReplicas")),
        ],
        [ResourceTypes.StatefulSets] =
            [("Ready", json => $"{Text(json, "status", "readyReplicas")}/{Text(json, "spec", "replicas")}")],
        [ResourceTypes.DaemonSets] =
        [
            ("Desired", json => Text(json, "status", "desiredNumberScheduled")),
            ("Ready", json => Text(json, "status", "numberReady")),
        ],
        [ResourceTypes.Jobs] =
            [("Completions", json => $"{Text(json, "status", "succeeded")}/{Text(json, "spec", "completions")}")],
        [ResourceTypes.Events] =
        [
            ("Type", json => json.Text("type") ?? ""),
            ("Reason", json => json.Text("reason") ?? ""),
            ("Object", json =>
                $"{json.Text("involvedObject", "kind")}/{json.Text("involvedObject", "name")}".ToLowerInvariant()),
            ("Message", json => json.Text("message") ?? ""),
        ],
    };

    public static bool Wanted(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal);

    public static JsonObject Of(
        ResourceType type, IReadOnlyList<StoredObject> objects, JsonObject metadata, DateTimeOffset now)
    {
        var columns = s_columns.GetValueOrDefault(type) ?? s_none;
        if (objects.Count == 1 && !metadata.ContainsKey("resourceVersion"))
        {
            metadata["resourceVersion"] = objects[0].Json.Text("metadata", "resourceVersion");
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = new JsonArray(
                [Column("Name", "name"), .. columns.Select(column => Column(column.Item1, "")), Column("Age", "")]),
            ["rows"] = new JsonArray([.. objects.Select(stored => Row(stored, columns, now))]),
        };
    }

    private static JsonObject Row(
        StoredObject stored, (string Title, Func<JsonObject, string> Value)[] columns, DateTimeOffset now) => new()
        {
            ["cells"] = new JsonArray(
                [stored.Name, .. columns.Select(column => (JsonNode)column.Value(stored.Json)), Age(stored.Json, now)]),
            ["object"] = new JsonObject
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = stored.Json["metadata"]?.DeepClone(),
            },
        };

    private static JsonObject Column(string title, string format) => new()
    {
        ["name"] = title,
        ["type"] = "string",
        ["format"] = format,
        ["description"] = title,
        ["priority"] = 0,
    };

    private static string Age(JsonObject json, DateTimeOffset now)
    {
        var created = json.Text("metadata", "creationTimestamp");
        if (!DateTimeOffset.TryParse(created, CultureInfo.InvariantCulture, out var since))
        {
            return "<unknown>";
        }

        var age = now - since;
        return age switch
        {
            { TotalMinutes: < 2 } => $"{(int)Math.Max(0, age.TotalSeconds)}s",
            { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }

    private static string Text(JsonObject json, params ReadOnlySpan<string> path) =>
        (json.Number(path) ?? 0).ToString(CultureInfo.InvariantCulture);

    private static Func<JsonObject, string> Count(string key) =>
        json => (json.Object(key)?.Count ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string Ports(JsonObject json) => string.Join(',',
        json.Objects("spec", "ports").Select(port => $"{port["port"]}/{port.Text("protocol")}"));

    private static string NodeStatus(JsonObject json) =>
        json.Objects("status", "conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True")
            ? "Ready"
            : "NotReady";

    private static string PodReady(JsonObject json)
    {
        var statuses = json.Objects("status", "containerStatuses").ToList();
        var ready = statuses.Count(status => status.Flag("ready") == true);
        return $"{ready}/{json.Objects("spec", "containers").Count()}";
    }

    private static string PodRestarts(JsonObject json) => json.Objects("status", "containerStatuses")
        .Sum(status => status.Number("restartCount") ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string PodStatus(JsonObject json)
    {
        if (json.IsBeingDeleted)
        {
            return "Terminating";
        }

        var states = json.Objects("status", "containerStatuses").Select(status => status.Object("state")).ToList();
        return states.Select(state => state.Text("waiting", "reason") ?? state.Text("terminated", "reason"))
            .FirstOrDefault(reason => reason is not null)
            ?? json.Text("status", "reason") ?? json.Text("status", "phase") ?? "";
    }
}
