using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>A field selector: the few fields of each type that the real server supports.</summary>
public sealed class FieldSelector
{
    private static readonly string[] s_everywhere = ["metadata.name", "metadata.namespace"];

    private static readonly Dictionary<ResourceType, string[]> s_byType = new()
    {
        [ResourceTypes.Pods] =
            ["status.phase", "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.podIP"],
        [ResourceTypes.Events] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        [ResourceTypes.Secrets] = ["type"],
        [ResourceTypes.Namespaces] = ["status.phase"],
        [ResourceTypes.Jobs] = ["status.successful"],
        [ResourceTypes.ReplicaSets] = ["status.replicas"],
    };

    private readonly List<(string[] Path, bool Equal, string Value)> _terms = [];

    public bool IsEmpty => _terms.Count == 0;

    public static FieldSelector Parse(ResourceType type, string? text)
    {
        var selector = new FieldSelector();
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = !term.Contains("!=", StringComparison.Ordinal);
            var parts = term.Split(equal ? (term.Contains("==", StringComparison.Ordinal) ? "==" : "=") : "!=", 2);
            if (parts.Length < 2)
            {
                throw ApiException.BadRequest(
                    $"invalid selector: '{term}'; can't understand '{term}'");
            }

            var field = parts[0].Trim();
            if (!s_everywhere.Contains(field) && !(s_byType.GetValueOrDefault(type) ?? []).Contains(field))
            {
                throw ApiException.BadRequest($"field label not supported: {field}");
            }

            selector._terms.Add((field.Split('.'), equal, parts[1].Trim()));
        }

        return selector;
    }

    public bool Matches(JsonObject json) =>
        _terms.TrueForAll(term => ((json.Text(term.Path) ?? "") == term.Value) == term.Equal);
}
