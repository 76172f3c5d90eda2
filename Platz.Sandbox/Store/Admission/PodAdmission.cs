using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>
/// Admission of pods: the service account, its token, and Pod Security where the namespace enforces it.
/// </summary>
internal static class PodAdmission
{
    public static void Admit(ResourceType type, JsonObject json, ObjectStore store)
    {
        if (type != ResourceTypes.Pods)
        {
            return;
        }

        var spec = json.Ensure("spec");
        spec.Default("serviceAccountName", "default");
        var name = spec.Text("serviceAccountName")!;
        spec["serviceAccount"] = name;
        var account = store.Find(ResourceTypes.ServiceAccounts, json.Namespace, name)
            ?? throw ApiException.Forbidden(type, json.Name,
                $"error looking up service account {json.Namespace}/{name}: "
                + $"serviceaccount \"{name}\" not found");
        PodSecurity.Check(json, store.Find(ResourceTypes.Namespaces, "", json.Namespace)?.Json);
        PodDefaults.Admit(spec, mountToken: spec.Flag("automountServiceAccountToken")
            ?? account.Json.Flag("automountServiceAccountToken") ?? true);
    }
}
