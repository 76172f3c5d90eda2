using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>RBAC: what the stored roles and bindings allow.</summary>
internal sealed class Authorizer(RbacRules rules, AccessLedger ledger)
{
    private static readonly string[] s_askingForOneself =
        [ResourceTypes.AccessReviews.Plural, ResourceTypes.SelfReviews.Plural];

    public void Require(Caller caller, RequestInfo request) => Require(caller, Attributes.Of(request));

    public void Require(Caller caller, Attributes wanted)
    {
        if (!Uses(caller, wanted))
        {
            throw Refusal(caller, wanted);
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

    public bool IsAllowed(Caller caller, Attributes wanted) => caller.IsAdmin
        || (!caller.IsAnonymous && wanted.Verb == "create" && s_askingForOneself.Contains(wanted.Resource))
        || rules.Of(caller, wanted.Namespace).Any(rule => Covers(rule, wanted));

    /// <summary>As <see cref="IsAllowed"/>, and remembers that somebody did it.</summary>
    public bool Uses(Caller caller, Attributes wanted)
    {
        var isAllowed = IsAllowed(caller, wanted);
        if (isAllowed)
        {
            ledger.Add(caller, wanted);
        }

        return isAllowed;
    }

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

    private static ApiException Refusal(Caller caller, Attributes wanted)
    {
        var details = new JsonObject();
        if (wanted.Name.Length > 0)
        {
            details["name"] = wanted.Name;
        }

        if (wanted.Group.Length > 0)
        {
            details["group"] = wanted.Group;
        }

        details["kind"] = wanted.Resource;
        var resource = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var full = wanted.Subresource.Length == 0 ? wanted.Resource : $"{wanted.Resource}/{wanted.Subresource}";
        var where = wanted.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        var name = wanted.Name.Length == 0 ? "" : $" \"{wanted.Name}\"";
        return new ApiException(403, "Forbidden", $"{resource}{name} is forbidden: User \"{caller.Name}\" cannot "
            + $"{wanted.Verb} resource \"{full}\" in API group \"{wanted.Group}\" {where}", details);
    }
}

/// <summary>What somebody wants to do, as RBAC and access reviews describe it.</summary>
internal sealed record Attributes(
    string Verb, string Group, string Resource, string Subresource, string Namespace, string Name)
{
    public static Attributes Of(RequestInfo request) => new(
        request.Verb, request.Group, request.Resource, request.Subresource, request.Namespace,
        request.Name.Length > 0 ? request.Name : request.SelectedName);
}
