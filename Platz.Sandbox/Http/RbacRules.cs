using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>The rules that the stored roles and bindings give somebody.</summary>
internal sealed class RbacRules(ObjectStore store)
{
    /// <param name="ns">Empty for what is given in the whole cluster alone.</param>
    public IEnumerable<JsonObject> Of(Caller caller, string ns) =>
        Bound(caller, ResourceTypes.ClusterRoleBindings, "")
            .Concat(ns.Length > 0 ? Bound(caller, ResourceTypes.RoleBindings, ns) : []);

    /// <summary>The rules of the role that a binding in this namespace names; null when there is none.</summary>
    public IEnumerable<JsonObject>? OfRole(JsonNode? roleRef, string ns)
    {
        var name = roleRef.Text("name") ?? "";
        return roleRef.Text("kind") == ResourceTypes.Roles.Kind
            ? store.Find(ResourceTypes.Roles, ns, name)?.Json.Objects("rules")
            : store.Find(ResourceTypes.ClusterRoles, "", name) is { } role ? Gathered(role, []) : null;
    }

    private IEnumerable<JsonObject> Bound(Caller caller, ResourceType bindings, string ns) =>
        store.List(bindings, ns).Objects
            .Where(binding => binding.Json.Objects("subjects").Any(subject => IsMeant(subject, caller, ns)))
            .SelectMany(binding => OfRole(binding.Json["roleRef"], ns) ?? []);

    /// <summary>Of a role that gathers others too. A real cluster writes them into it; here they are looked up.</summary>
    private IEnumerable<JsonObject> Gathered(StoredObject role, HashSet<string> seen)
    {
        if (!seen.Add(role.Name))
        {
            return [];
        }

        var selectors = role.Json.Objects("aggregationRule", "clusterRoleSelectors").Select(LabelSelector.Of).ToList();
        return role.Json.Objects("rules").Concat(selectors.Count == 0
            ? []
            : store.List(ResourceTypes.ClusterRoles, "").Objects
                .Where(other => selectors.Exists(selector => selector!.Matches(other.Json)))
                .SelectMany(other => Gathered(other, seen)));
    }

    private static bool IsMeant(JsonObject subject, Caller caller, string ns) => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == caller.Name,
        "Group" => caller.Groups.Contains(subject.Text("name") ?? ""),
        "ServiceAccount" =>
            caller.Name == $"system:serviceaccount:{subject.Text("namespace") ?? ns}:{subject.Text("name")}",
        _ => false,
    };
}
