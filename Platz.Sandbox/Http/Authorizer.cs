using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>RBAC: what the stored roles and bindings allow.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    public void Require(Caller caller, RequestInfo request)
    {
        var attributes = new Attributes(request.Verb, request.Group, request.Resource, request.Subresource,
            request.Namespace, request.Name);
        if (!IsAllowed(caller, attributes))
        {
            throw Refusal(caller, request, attributes);
        }
    }

    public static void RequireDiscovery(Caller caller, HttpRequest request)
    {
        if (caller.IsAnonymous)
        {
            throw new ApiException(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot "
                + $"{request.Method.ToLowerInvariant()} path \"{request.Path}\"", []);
        }
    }

    public bool IsAllowed(Caller caller, Attributes wanted)
    {
        if (caller.IsAdmin || (!caller.IsAnonymous && wanted.Resource == ResourceTypes.AccessReviews.Plural))
        {
            return true;
        }

        return Rules(caller, ResourceTypes.ClusterRoleBindings, "")
            .Concat(wanted.Namespace.Length > 0 ? Rules(caller, ResourceTypes.RoleBindings, wanted.Namespace) : [])
            .Any(rule => Covers(rule, wanted));
    }

    private IEnumerable<JsonObject> Rules(Caller caller, ResourceType bindings, string ns) =>
        store.List(bindings, ns).Objects
            .Where(binding => binding.Json.Objects("subjects").Any(subject => IsMeant(subject, caller, ns)))
            .SelectMany(binding => Role(binding.Json, ns).Objects("rules"));

    private JsonObject? Role(JsonObject binding, string ns)
    {
        var name = binding.Text("roleRef", "name") ?? "";
        return binding.Text("roleRef", "kind") == ResourceTypes.Roles.Kind
            ? store.Find(ResourceTypes.Roles, ns, name)?.Json
            : store.Find(ResourceTypes.ClusterRoles, "", name)?.Json;
    }

    private static bool IsMeant(JsonObject subject, Caller caller, string ns) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == caller.Name,
        "Group" => caller.Groups.Contains(subject.Text("name") ?? ""),
        "ServiceAccount" =>
            caller.Name == $"system:serviceaccount:{subject.Text("namespace") ?? ns}:{subject.Text("name")}",
        _ => false,
    };

    private static bool Covers(JsonObject rule, Attributes wanted)
    {
        var resource = wanted.Subresource.Length == 0 ? wanted.Resource : $"{wanted.Resource}/{wanted.Subresource}";
        var names = rule.Texts("resourceNames").ToList();
        return Has(rule, "verbs", wanted.Verb)
            && Has(rule, "apiGroups", wanted.Group)
            && (Has(rule, "resources", resource) || rule.Texts("resources").Contains($"*/{wanted.Subresource}"))
            && (names.Count == 0 || names.Contains(wanted.Name));
    }

    private static bool Has(JsonObject rule, string list, string value) =>
        rule.Texts(list).Any(item => item == "*" || item == value);

    private static ApiException Refusal(Caller caller, RequestInfo request, Attributes wanted)
    {
        var isNamed = request.Name.Length > 0 && request.Verb != "create";
        var details = new JsonObject();
        if (isNamed)
        {
            details["name"] = request.Name;
        }

        if (request.Group.Length > 0)
        {
            details["group"] = request.Group;
        }

        details["kind"] = request.Resource;
        var resource = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        var full = wanted.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{wanted.Subresource}";
        var where =
            request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return new ApiException(403, "Forbidden", $"{resource}{(isNamed ? $" \"{request.Name}\"" : "")} is forbidden: "
            + $"User \"{caller.Name}\" cannot {request.Verb} resource \"{full}\" in API group \"{request.Group}\" "
            + where,
            details);
    }
}

/// <summary>What somebody wants to do, as RBAC and access reviews describe it.</summary>
internal sealed record Attributes(
    string Verb, string Group, string Resource, string Subresource, string Namespace, string Name);
