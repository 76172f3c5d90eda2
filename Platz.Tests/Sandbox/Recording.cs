using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platz.Tests.Sandbox;

/// <summary>What a real API server once answered, and how to compare another answer with it.</summary>
internal static partial class Recording
{
    /// <summary>Facts of the recorded cluster, not of Kubernetes, and what an earlier recording left over.</summary>
    private static readonly string?[] s_foreign = ["openshift-service-ca.crt", "task-novol"];

    private static readonly HashSet<string> s_volatile =
    [
        "uid", "resourceVersion", "continue", "remainingItemCount", "hostIP", "podIP", "ip", "nodeName", "host",
        "imageID",
        "containerID", "reportingInstance", "controller-uid", "audit-id", "serverAddress", "ca.crt",
        "kubernetes.io/description", "image", "pod-template-hash", "controller-revision-hash",
    ];

    public static string Folder { get; } = Path.Combine(Here(), "Recordings");

    public static string Chart(string name) => Path.Combine(Folder, "charts", name);

    public static IReadOnlyList<JsonNode> Cases(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!["cases"]!.AsArray().Select(item => item!)];

    /// <summary>What is left of an answer when uids, times, addresses and generated names are taken out.</summary>
    public static JsonNode? Normal(JsonNode? node, string key = "") => node switch
    {
        null => null,
        JsonObject json => new JsonObject(json.Where(pair => pair.Key is not ("managedFields" or "storageVersionHash"))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Normal(pair.Value, pair.Key)))),
        JsonArray array => new JsonArray([.. array.Where(IsOurs)
            .OrderBy(item => SortKey(item, key), StringComparer.Ordinal).Select(item => Normal(item, key))]),
        JsonValue value when s_volatile.Contains(key) => value.TryGetValue<string>(out _) ? $"<{key}>" : 0,
        JsonValue value when value.TryGetValue<string>(out var text) => Normal(text),
        _ => node.DeepClone(),
    };

    /// <summary>The paths at which two answers differ.</summary>
    public static IEnumerable<string> Differences(JsonNode? expected, JsonNode? actual, string path = "") =>
        (expected, actual) switch
        {
            (JsonObject left, JsonObject right) => left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
                .SelectMany(key => Differences(left[key], right[key], $"{path}.{key}")),
            (JsonArray left, JsonArray right) when left.Count == right.Count => Enumerable.Range(0, left.Count)
                .SelectMany(index => Differences(left[index], right[index], $"{path}[{index}]")),
            _ when JsonNode.DeepEquals(expected, actual) => [],
            _ => [$"{path}: expected {Shown(expected)}, was {Shown(actual)}"],
        };

    private static string Shown(JsonNode? node) => node?.ToJsonString() ?? "nothing";

    private static bool IsOurs(JsonNode? item) => item is not JsonObject || !s_foreign.Contains(
        item["configMap"]?["name"]?.ToString() ?? item["metadata"]?["name"]?.ToString());

    private static string SortKey(JsonNode? item, string list) =>
        list is "resources" && item is JsonObject ? item["name"]!.ToString() : "";

    private static string Normal(string text)
    {
        text = Uid.Replace(text, "<uid>");
        text = Time.Replace(text, "<time>");
        text = Address.Replace(text, "");
        text = Current.Replace(text, "");
        text = Node.Replace(text, "<node>");
        text = SetHash.Replace(text, "$1-<hash>");
        text = Suffix.Replace(text, "$1<suffix>");
        return EventSuffix.Replace(text, "$1.<stamp>");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid { get; }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time { get; }

    [GeneratedRegex(@" on [\d.]+:53")]
    private static partial Regex Address { get; }

    [GeneratedRegex(@", current: \d+")]
    private static partial Regex Current { get; }

    [GeneratedRegex(@"\b(sandbox-)?node-1\b")]
    private static partial Regex Node { get; }

    [GeneratedRegex(@"\b(web|db)-[a-z0-9]{8,10}\b")]
    private static partial Regex SetHash { get; }

    [GeneratedRegex(@"(kube-api-access-|rec-gen-|<hash>-|once-)[a-z0-9]{5}\b")]
    private static partial Regex Suffix { get; }

    [GeneratedRegex(@"^([a-z0-9-]+)\.[0-9a-f]{16}$")]
    private static partial Regex EventSuffix { get; }
}
