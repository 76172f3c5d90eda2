using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Ingress;

/// <summary>Where a request goes.</summary>
internal abstract record IngressRoute
{
    /// <summary>No rule has this host and path.</summary>
    public sealed record Nowhere : IngressRoute;

    /// <summary>The Service is not there, or no pod of it is ready.</summary>
    public sealed record Unavailable : IngressRoute;

    public sealed record To(StoredObject Service, StoredObject Pod) : IngressRoute
    {
        public string? Script =>
            Pod.Json.Annotation(ScriptedAnswer.Annotation) ?? Service.Json.Annotation(ScriptedAnswer.Annotation);
    }
}

/// <summary>Follows Ingress objects as ingress-nginx does: exact host before wildcard, longest path first.</summary>
internal sealed class IngressRoutes(ObjectStore store)
{
    public IngressRoute Find(string host, string path)
    {
        var best = store.List(ResourceTypes.Ingresses).Objects
            .Where(ingress => !ingress.Json.IsBeingDeleted)
            .SelectMany(ingress => ingress.Json.Objects("spec", "rules").Select(rule => (ingress, rule)))
            .Where(found => HostFits(found.rule.Text("host"), host))
            .SelectMany(found => found.rule.Objects("http", "paths")
                .Select(entry => (found.ingress.Namespace, Host: found.rule.Text("host")!, Entry: entry)))
            .Where(found => PathFits(found.Entry, path))
            .OrderBy(found => found.Host.StartsWith('*'))
            .ThenByDescending(found => found.Entry.Text("pathType") == "Exact")
            .ThenByDescending(found => found.Entry.Text("path")?.Length ?? 0)
            .FirstOrDefault();
        return best.Entry is null ? new IngressRoute.Nowhere() : Backend(best.Namespace, best.Entry);
    }

    private IngressRoute Backend(string ns, JsonObject entry)
    {
        var name = entry.Text("backend", "service", "name") ?? "";
        if (store.Find(ResourceTypes.Services, ns, name) is not { } service
            || !HasPort(service, entry.Object("backend", "service", "port"))
            || service.Json.Object("spec", "selector") is not { Count: > 0 } labels)
        {
            return new IngressRoute.Unavailable();
        }

        var selector = LabelSelector.Of(new JsonObject { ["matchLabels"] = labels.DeepClone() })!;
        return store.List(ResourceTypes.Pods, ns).Objects
            .FirstOrDefault(pod => selector.Matches(pod.Json) && IsReady(pod.Json)) is { } ready
                ? new IngressRoute.To(service, ready)
                : new IngressRoute.Unavailable();
    }

    private static bool HasPort(StoredObject service, JsonObject? wanted) =>
        service.Json.Objects("spec", "ports").Any(port =>
            wanted.Text("name") is { } name
                ? port.Text("name") == name
                : port.Number("port") == wanted.Number("number"));

    private static bool IsReady(JsonObject pod) => !pod.IsBeingDeleted
        && pod.Objects("status", "conditions").Any(condition =>
            condition.Text("type") == "Ready" && condition.Text("status") == "True");

    /// <summary>A wildcard stands for one label.</summary>
    private static bool HostFits(string? rule, string host) => rule switch
    {
        null or "" => false, // a rule for all hosts would swallow those of others
        ['*', '.', ..] => host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && host[dot..].Equals(rule[1..], StringComparison.OrdinalIgnoreCase),
        _ => rule.Equals(host, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>A prefix ends where a segment of the path does.</summary>
    private static bool PathFits(JsonObject entry, string path)
    {
        var rule = entry.Text("path") ?? "/";
        if (entry.Text("pathType") == "Exact")
        {
            return rule == path;
        }

        var prefix = rule.TrimEnd('/');
        return path.StartsWith(prefix, StringComparison.Ordinal)
            && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }
}
