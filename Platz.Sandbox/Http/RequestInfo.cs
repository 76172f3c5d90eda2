using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>What a request wants, read from method, path and query the way the API server reads them.</summary>
internal sealed record RequestInfo(
    string Verb, string Group, string Version, string Resource, string Namespace, string Name, string Subresource)
{
    public bool IsWatch => Verb == "watch";

    /// <summary>The one object that a list or a watch asks for by a field selector; RBAC takes it for the name.</summary>
    public string SelectedName { get; private init; } = "";

    /// <summary>Null for a path that names no resource, such as <c>/apis/apps/v1</c>.</summary>
    public static RequestInfo? Parse(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, rest) = parts switch
        {
            ["api", var coreVersion, .. var core] => ("", coreVersion, core),
            ["apis", var named, var itsVersion, .. var others] => (named, itsVersion, others),
            _ => ("", "", []),
        };
        return rest switch
        {
            [] => null,
            ["namespaces"] => Of(request, group, version, "namespaces", "", "", ""),
            ["namespaces", var ns] => Of(request, group, version, "namespaces", ns, ns, ""),
            ["namespaces", var ns, "status" or "finalize"] =>
                Of(request, group, version, "namespaces", ns, ns, rest[2]),
            ["namespaces", var ns, var plural, .. var named] =>
                Of(request, group, version, plural, ns, named.ElementAtOrDefault(0) ?? "", Tail(named)),
            [var plural, .. var named] =>
                Of(request, group, version, plural, "", named.ElementAtOrDefault(0) ?? "", Tail(named)),
        };
    }

    /// <summary>Where the objects lie: a namespace's own name is its namespace only for authorization.</summary>
    public ObjectKey Key(ResourceType type) => new(type, type.Namespaced ? Namespace : "", Name);

    private static string Selected(HttpRequest request)
    {
        const string field = "metadata.name=";
        var selector = request.Query["fieldSelector"].ToString().Split(',')
            .FirstOrDefault(term => term.StartsWith(field, StringComparison.Ordinal)) ?? field;
        return selector[field.Length..].TrimStart('=');
    }

    private static string Tail(string[] named) => string.Join('/', named.Skip(1));

    private static RequestInfo Of(
        HttpRequest request, string group, string version, string plural, string ns, string name, string subresource)
    {
        var verb = request.Method switch
        {
            "GET" or "HEAD" when request.Query["watch"].ToString() is "true" or "1" => "watch",
            "GET" or "HEAD" => name.Length > 0 ? "get" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
            _ => "",
        };
        return new RequestInfo(verb, group, version, plural, ns, name, subresource)
        {
            SelectedName = verb is "list" or "watch" or "deletecollection" ? Selected(request) : "",
        };
    }
}
