using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>
/// Nobody gives away by RBAC what they do not have: whoever writes a role must hold all of it or may <c>escalate</c>,
/// whoever binds one must hold all of it or may <c>bind</c> it.
/// </summary>
internal sealed class RoleGrants(RbacRules rules, Authorizer authorizer)
{
    private static readonly string[] s_housekeeping = ["ownerReferences", "finalizers", "managedFields"];

    private static readonly JsonObject[] s_everything =
    [
        JsonNode.Parse("""{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}""")!.AsObject(),
        JsonNode.Parse("""{"nonResourceURLs":["*"],"verbs":["*"]}""")!.AsObject(),
    ];

    public void Require(Caller caller, RequestInfo request, ResourceType type, JsonObject json, JsonObject? old)
    {
        if (type.Group != ResourceTypes.Roles.Group || caller.IsAdmin || (old is not null && IsHousekeeping(old, json)))
        {
            return;
        }

        if (type == ResourceTypes.Roles || type == ResourceTypes.ClusterRoles)
        {
            RequireRole(caller, request, type, json);
        }
        else
        {
            RequireBinding(caller, request, type, json);
        }
    }

    private void RequireRole(Caller caller, RequestInfo request, ResourceType type, JsonObject role)
    {
        if (authorizer.Uses(caller, Attributes.Of(request) with { Verb = "escalate", Subresource = "" }))
        {
            return;
        }

        RequireHeld(caller, request.Namespace, type, role.Name, role.Objects("rules"));
        if (role["aggregationRule"] is not null && Missing(caller, "", s_everything).Count > 0)
        {
            throw ApiException.Forbidden(
                type, role.Name, "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void RequireBinding(Caller caller, RequestInfo request, ResourceType type, JsonObject binding)
    {
        var role = binding["roleRef"];
        var named = role.Text("kind") == ResourceTypes.Roles.Kind ? ResourceTypes.Roles : ResourceTypes.ClusterRoles;
        var name = role.Text("name") ?? "";
        if (authorizer.Uses(caller, new Attributes("bind", named.Group, named.Plural, "", request.Namespace, name)))
        {
            return;
        }

        RequireHeld(caller, request.Namespace, type, binding.Name,
            rules.OfRole(role, request.Namespace) ?? throw ApiException.NotFound(named, name));
    }

    private void RequireHeld(
        Caller caller, string ns, ResourceType type, string name, IEnumerable<JsonObject> granted)
    {
        var missing = Missing(caller, ns, granted);
        if (missing.Count > 0)
        {
            throw ApiException.Forbidden(type, name, $"user \"{caller.Name}\" (groups={Quoted(caller.Groups)}) is "
                + "attempting to grant RBAC permissions not currently held:\n" + string.Join('\n', missing));
        }
    }

    /// <summary>What of this is not held, in the words of the API server: the verbs of one thing together.</summary>
    private List<string> Missing(Caller caller, string ns, IEnumerable<JsonObject> granted)
    {
        var held = rules.Of(caller, ns).ToList();
        return
        [
            .. granted.SelectMany(Grant.Of).Where(grant => !held.Exists(grant.IsCoveredBy))
                .GroupBy(grant => grant with { Verb = "" })
                .Select(same => same.Key.Describe(same.Select(grant => grant.Verb).Distinct()))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool IsHousekeeping(JsonObject old, JsonObject json) => Rest(old).SameAs(Rest(json));

    private static JsonObject Rest(JsonObject json)
    {
        var rest = json.Copy();
        foreach (var field in s_housekeeping)
        {
            rest.Metadata.Remove(field);
        }

        return rest;
    }

    private static string Quoted(IEnumerable<string> texts) =>
        $"[{string.Join(' ', texts.Select(text => $"\"{text}\""))}]";

    /// <summary>One verb for one resource, by one name where the rule names some; or for one path.</summary>
    private sealed record Grant(string? Group, string? Resource, string? Name, string? Path, string Verb)
    {
        public static IEnumerable<Grant> Of(JsonObject rule) =>
            from verb in rule.Texts("verbs")
            from grant in (
                from @group in rule.Texts("apiGroups")
                from resource in rule.Texts("resources")
                from name in rule.Texts("resourceNames").Cast<string?>().DefaultIfEmpty(null)
                select new Grant(@group, resource, name, null, verb)).Concat(
                from path in rule.Texts("nonResourceURLs")
                select new Grant(null, null, null, path, verb))
            select grant;

        public bool IsCoveredBy(JsonObject rule) => Has(rule, "verbs", Verb)
            && (Path is null ? CoversResource(rule) : rule.Texts("nonResourceURLs").Any(CoversPath));

        public string Describe(IEnumerable<string> verbs)
        {
            (string Name, string? Value)[] parts =
                [("APIGroups", Group), ("Resources", Resource), ("NonResourceURLs", Path), ("ResourceNames", Name)];
            var told = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}:[\"{part.Value}\"]");
            return $"{{{string.Join(", ", told)}, Verbs:{Quoted(verbs)}}}";
        }

        private bool CoversResource(JsonObject rule) => Has(rule, "apiGroups", Group!)
            && (Has(rule, "resources", Resource!)
                || (Resource!.Split('/') is [_, var part] && rule.Texts("resources").Contains($"*/{part}")))
            && (rule.Texts("resourceNames").ToList() is var names)
            && (names.Count == 0 || (Name is not null && names.Contains(Name)));

        private bool CoversPath(string held) => held == Path || held == "*"
            || (held.EndsWith('*') && Path!.StartsWith(held[..^1], StringComparison.Ordinal));

        private static bool Has(JsonObject rule, string list, string value) =>
            rule.Texts(list).Any(item => item == "*" || item == value);
    }
}
