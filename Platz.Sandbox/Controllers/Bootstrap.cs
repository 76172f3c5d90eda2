using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>What every cluster has from its first moment: system namespaces, the node, the predefined roles.</summary>
internal sealed class Bootstrap(ObjectStore store, ObjectWriter writer)
{
    public const string NodeName = "sandbox-node-1";

    private static readonly string[] s_reading = ["get", "list", "watch"];

    /// <summary>By their names, as in a real cluster: "*" would take in <c>bind</c> and <c>escalate</c>.</summary>
    private static readonly string[] s_writing =
        [.. s_reading, "create", "delete", "deletecollection", "patch", "update"];

    private static readonly string[] s_readOnly = ["resourcequotas", "limitranges", "events", "endpoints"];

    public void Run()
    {
        foreach (var ns in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
        {
            Ensure(ResourceTypes.Namespaces, ns, []);
        }

        Ensure(ResourceTypes.Nodes, NodeName, Node());
        Ensure(ResourceTypes.ClusterRoles, "cluster-admin", Role([Rule(["*"], ["*"], ["*"])]));
        Ensure(ResourceTypes.ClusterRoles, "admin",
            Gathering("admin", [.. Namespaced(s_writing, withAccess: true, withSecrets: true), .. Acting(), Look()]));
        Ensure(ResourceTypes.ClusterRoles, "edit",
            Gathering("edit", [.. Namespaced(s_writing, withAccess: false, withSecrets: true), .. Acting(), Look()]));
        Ensure(ResourceTypes.ClusterRoles, "view",
            Gathering("view", [.. Namespaced(s_reading, withAccess: false, withSecrets: false), Look()]));
        Ensure(ResourceTypes.ClusterRoleBindings, "cluster-admin", new JsonObject
        {
            ["roleRef"] = new JsonObject { ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "Group", ["name"] = Caller.Masters }),
        });
    }

    private void Ensure(ResourceType type, string name, JsonObject json)
    {
        if (store.Find(type, "", name) is not null)
        {
            return;
        }

        json.Metadata["name"] = name;
        writer.Create(type, "", json);
    }

    private static JsonObject Role(IReadOnlyList<JsonObject> rules) => new() { ["rules"] = new JsonArray([.. rules]) };

    /// <summary>A role to which others are added by a label.</summary>
    private static JsonObject Gathering(string name, IReadOnlyList<JsonObject> rules)
    {
        var role = Role(rules);
        var labels = new JsonObject { [$"rbac.authorization.k8s.io/aggregate-to-{name}"] = "true" };
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = labels }),
        };
        return role;
    }

    /// <summary>Everything that lives in a namespace, but for what only the cluster writes.</summary>
    private static IEnumerable<JsonObject> Namespaced(string[] verbs, bool withAccess, bool withSecrets)
    {
        var groups = ResourceTypes.All
            .Where(type => type.Namespaced && !s_readOnly.Contains(type.Plural)
                && (withAccess || type.Group != ResourceTypes.Roles.Group)
                && (withSecrets || type != ResourceTypes.Secrets))
            .GroupBy(type => type.Group);
        foreach (var group in groups)
        {
            string[] parts = group.Key.Length == 0 ? ["pods/log", "pods/status", "services/status"] : [];
            string[] tokens = group.Key.Length == 0 && withSecrets ? ["serviceaccounts/token"] : [];
            yield return Rule([group.Key],
                [.. group.SelectMany(type => Parts(type)), .. parts, .. tokens], verbs);
        }
    }

    private static IEnumerable<string> Parts(ResourceType type) => type.HasScale
        ? [type.Plural, $"{type.Plural}/scale", $"{type.Plural}/status"]
        : [type.Plural];

    private static IEnumerable<JsonObject> Acting() =>
    [
        Rule([""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy"], s_writing),
        Rule([""], ["pods/eviction"], ["create"]),
        Rule([""], ["serviceaccounts"], ["impersonate"]),
    ];

    private static JsonObject Look() => Rule([""], ["namespaces", .. s_readOnly], s_reading);

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) => new()
    {
        ["apiGroups"] = Texts(groups),
        ["resources"] = Texts(resources),
        ["verbs"] = Texts(verbs),
    };

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Node() => (JsonObject)JsonNode.Parse($$$"""
        {
          "metadata": {"labels": {"kubernetes.io/hostname": "{{{NodeName}}}", "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64", "sandbox.platz.io": "true"}},
          "spec": {},
          "status": {
            "capacity": {"cpu": "64", "memory": "256Gi", "pods": "10000"},
            "allocatable": {"cpu": "64", "memory": "256Gi", "pods": "10000"},
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
              "message": "the sandbox's simulated kubelet is ready"}],
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname",
            "address": "{{{NodeName}}}"}],
            "nodeInfo": {"kubeletVersion": "{{{Discovery.GitVersion}}}", "operatingSystem": "linux",
            "architecture": "amd64",
              "osImage": "Platz sandbox", "containerRuntimeVersion": "sandbox://1", "kernelVersion": "",
              "machineID": "", "systemUUID": "", "bootID": "", "kubeProxyVersion": ""}
          }
        }
        """)!;
}
