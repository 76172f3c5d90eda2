using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>What every cluster has from its first moment: system namespaces, the node, the predefined roles.</summary>
internal sealed class Bootstrap(ObjectStore store, ObjectWriter writer)
{
    public const string NodeName = "sandbox-node-1";

    public void Run()
    {
        foreach (var ns in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
        {
            Ensure(ResourceTypes.Namespaces, ns, []);
        }

        Ensure(ResourceTypes.Nodes, NodeName, Node());
        Ensure(ResourceTypes.ClusterRoles, "cluster-admin", Role([Rule(["*"], ["*"], ["*"])]));
        Ensure(ResourceTypes.ClusterRoles, "admin",
            Role([.. Namespaced(["*"], withAccess: true, withSecrets: true), Look()]));
        Ensure(ResourceTypes.ClusterRoles, "edit",
            Role([.. Namespaced(["*"], withAccess: false, withSecrets: true), Look()]));
        Ensure(ResourceTypes.ClusterRoles, "view",
            Role([.. Namespaced(["get", "list", "watch"], withAccess: false, withSecrets: false), Look()]));
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

    /// <summary>Everything that lives in a namespace, but for its quotas.</summary>
    private static IEnumerable<JsonObject> Namespaced(string[] verbs, bool withAccess, bool withSecrets)
    {
        var groups = ResourceTypes.All
            .Where(type => type.Namespaced && type.Plural is not ("resourcequotas" or "limitranges")
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

    private static JsonObject Look() =>
        Rule([""], ["namespaces", "resourcequotas", "limitranges"], ["get", "list", "watch"]);

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
