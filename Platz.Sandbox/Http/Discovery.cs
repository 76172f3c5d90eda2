using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>What the server can do: version, groups, resources.</summary>
internal static class Discovery
{
    /// <summary>Satisfies a chart's kubeVersion and never passes for a real server.</summary>
    public const string GitVersion = "v1.33.0+sandbox";

    public static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "33",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "sandbox",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "linux/amd64",
    };

    public static JsonObject Core(string address) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(
            new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ResourceTypes.All.Select(type => type.Group).Where(group => group.Length > 0)
            .Distinct().Select(Group)]),
    };

    public static JsonObject Group(string group)
    {
        var version = ResourceTypes.All.FirstOrDefault(type => type.Group == group)?.Version ?? "v1";
        var entry = new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray(entry.DeepClone()),
            ["preferredVersion"] = entry,
        };
    }

    public static JsonObject? Resources(string group, string version)
    {
        if (!ResourceTypes.HasGroupVersion(group, version))
        {
            return null;
        }

        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray([.. ResourceTypes.All
            .Where(type => type.Group == group && type.Version == version).SelectMany(Entries)]);
        return list;
    }

    private static IEnumerable<JsonNode> Entries(ResourceType type)
    {
        var entry = Entry(type.Plural, type.Namespaced, type.Kind, type.Verbs);
        if (type.ShortNames.Count > 0)
        {
            entry["shortNames"] = Texts(type.ShortNames);
        }

        if (type.InAll)
        {
            entry["categories"] = new JsonArray("all");
        }

        return Parts(type).Prepend(entry);
    }

    private static IEnumerable<JsonNode> Parts(ResourceType type)
    {
        if (type.HasStatus)
        {
            yield return Entry($"{type.Plural}/status", type.Namespaced, type.Kind, ["get", "patch", "update"]);
        }

        if (type.HasScale)
        {
            yield return Foreign(
                Entry($"{type.Plural}/scale", true, "Scale", ["get", "patch", "update"]), "autoscaling", "v1");
        }

        if (type == ResourceTypes.Pods)
        {
            yield return Entry("pods/log", true, type.Kind, ["get"]);
        }

        if (type == ResourceTypes.ServiceAccounts)
        {
            yield return Foreign(Entry("serviceaccounts/token", true, "TokenRequest", ["create"]),
                "authentication.k8s.io", "v1");
        }

        if (type == ResourceTypes.Namespaces)
        {
            yield return Entry("namespaces/finalize", false, type.Kind, ["update"]);
        }
    }

    private static JsonObject Entry(string name, bool namespaced, string kind, IReadOnlyList<string> verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = "",
        ["namespaced"] = namespaced,
        ["kind"] = kind,
        ["verbs"] = Texts(verbs),
    };

    private static JsonObject Foreign(JsonObject entry, string group, string version)
    {
        entry["group"] = group;
        entry["version"] = version;
        return entry;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
