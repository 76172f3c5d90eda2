using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>What the API server fills in before it validates and stores an object.</summary>
internal static class Defaults
{
    private const int SecretMode = 420;

    public static void Apply(ResourceType type, JsonObject json)
    {
        switch (type.Kind)
        {
            case "Namespace":
                Namespace(json);
                break;
            case "Secret":
                Secret(json);
                break;
            case "Service":
                ServiceDefaults.Apply(json);
                break;
            case "Pod":
                PodDefaults.Spec(json.Ensure("spec"));
                json.Ensure("status").Default("phase", "Pending");
                json.Ensure("status").Default("qosClass", "BestEffort");
                break;
            case "PersistentVolumeClaim":
                json.Ensure("spec").Default("volumeMode", "Filesystem");
                json.Ensure("status").Default("phase", "Pending");
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                json.Object("roleRef")?.Default("apiGroup", "rbac.authorization.k8s.io");
                break;
            default:
                Workloads.Apply(type, json);
                break;
        }
    }

    private static void Namespace(JsonObject json)
    {
        json.Metadata.Ensure("labels")["kubernetes.io/metadata.name"] = json.Name;
        json.Ensure("spec").Default("finalizers", new JsonArray("kubernetes"));
        json.Ensure("status").Default("phase", "Active");
    }

    private static void Secret(JsonObject json)
    {
        foreach (var (key, value) in json.Object("stringData") ?? [])
        {
            json.Ensure("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }

        json.Remove("stringData");
        json.Default("type", "Opaque");
    }

    /// <summary>Shared with pods: what volumes get.</summary>
    public static void Volumes(JsonObject podSpec)
    {
        foreach (var volume in podSpec.Objects("volumes"))
        {
            foreach (var source in (string[])["secret", "configMap", "projected", "downwardAPI"])
            {
                volume.Object(source)?.Default("defaultMode", SecretMode);
            }
        }
    }
}
