using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>Pod Security admission: the <c>baseline</c> and <c>restricted</c> levels of a labelled namespace.</summary>
internal static class PodSecurity
{
    private const string Label = "pod-security.kubernetes.io/enforce";

    private static readonly string[] s_allowedVolumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    public static void Check(JsonObject pod, JsonObject? space)
    {
        var level = space?.Label(Label);
        if (level is not ("restricted" or "baseline"))
        {
            return;
        }

        var faults = Baseline(pod).Concat(level == "restricted" ? Restricted(pod) : []).ToList();
        if (faults.Count > 0)
        {
            var version = space?.Label($"{Label}-version") ?? "latest";
            throw ApiException.Forbidden(ResourceTypes.Pods, pod.Name,
                $"violates PodSecurity \"{level}:{version}\": {string.Join(", ", faults)}");
        }
    }

    private static IEnumerable<string> Baseline(JsonObject pod)
    {
        var shared = ((string[])["hostNetwork", "hostPID", "hostIPC"])
            .Where(key => pod.Flag("spec", key) == true).Select(key => $"{key}=true").ToList();
        if (shared.Count > 0)
        {
            yield return $"host namespaces ({string.Join(", ", shared)})";
        }

        foreach (var name in Faulty(pod, container => container.Flag("securityContext", "privileged") == true))
        {
            yield return $"privileged (container \"{name}\" must not set securityContext.privileged=true)";
        }

        foreach (var volume in pod.Objects("spec", "volumes").Where(volume => volume.ContainsKey("hostPath")))
        {
            yield return $"hostPath volumes (volume \"{volume.Text("name")}\")";
        }
    }

    private static IEnumerable<string> Restricted(JsonObject pod)
    {
        foreach (var name in Faulty(pod, c => c.Flag("securityContext", "allowPrivilegeEscalation") != false))
        {
            yield return $"allowPrivilegeEscalation != false (container \"{name}\" must set "
                + "securityContext.allowPrivilegeEscalation=false)";
        }

        foreach (var name in Faulty(pod, c => !c.Texts("securityContext", "capabilities", "drop").Contains("ALL")))
        {
            yield return $"unrestricted capabilities (container \"{name}\" must set "
                + "securityContext.capabilities.drop=[\"ALL\"])";
        }

        foreach (var fault in Volumes(pod).Concat(Identity(pod)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Volumes(JsonObject pod)
    {
        foreach (var volume in pod.Objects("spec", "volumes")
            .Where(volume => volume.Any(pair => pair.Key != "name" && !s_allowedVolumes.Contains(pair.Key))))
        {
            yield return $"restricted volume types (volume \"{volume.Text("name")}\" uses restricted volume type "
                + $"\"{volume.First(pair => pair.Key != "name").Key}\")";
        }
    }

    private static IEnumerable<string> Identity(JsonObject pod)
    {
        foreach (var name in Faulty(pod, c => Setting(pod, c, "runAsNonRoot")?.GetValue<bool>() != true))
        {
            yield return $"runAsNonRoot != true (pod or container \"{name}\" must set "
                + "securityContext.runAsNonRoot=true)";
        }

        foreach (var name in Faulty(pod,
            c => Setting(pod, c, "seccompProfile").Text("type") is not ("RuntimeDefault" or "Localhost")))
        {
            yield return $"seccompProfile (pod or container \"{name}\" must set securityContext.seccompProfile.type to "
                + "\"RuntimeDefault\" or \"Localhost\")";
        }
    }

    private static IEnumerable<string?> Faulty(JsonObject pod, Func<JsonObject, bool> isFaulty) =>
        pod.Objects("spec", "initContainers").Concat(pod.Objects("spec", "containers"))
            .Where(isFaulty).Select(container => container.Text("name"));

    private static JsonNode? Setting(JsonObject pod, JsonObject container, string key) =>
        container.At("securityContext", key) ?? pod.At("spec", "securityContext", key);
}
