using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>Defaults of pods and pod templates.</summary>
internal static class PodDefaults
{
    public const string TokenMount = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly Dictionary<string, int> s_probe = new()
    {
        ["timeoutSeconds"] = 1,
        ["periodSeconds"] = 10,
        ["successThreshold"] = 1,
        ["failureThreshold"] = 3,
    };

    public static void Template(JsonObject? template)
    {
        if (template is null)
        {
            return;
        }

        if (!template.Metadata.ContainsKey("creationTimestamp"))
        {
            template.Metadata["creationTimestamp"] = null;
        }

        Spec(template.Ensure("spec"));
    }

    public static void Spec(JsonObject spec)
    {
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            Container(container);
        }

        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        if (spec.Text("serviceAccountName") is { } account)
        {
            spec["serviceAccount"] = account;
        }

        Defaults.Volumes(spec);
    }

    /// <summary>What only a pod itself gets, at admission.</summary>
    public static void Admit(JsonObject spec, bool mountToken)
    {
        if (mountToken)
        {
            MountToken(spec);
        }

        spec.Default("tolerations", new JsonArray(Toleration("not-ready"), Toleration("unreachable")));
        spec.Default("priority", 0);
        spec.Default("enableServiceLinks", true);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
    }

    private static void Container(JsonObject container)
    {
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        foreach (var port in container.Objects("ports"))
        {
            port.Default("protocol", "TCP");
        }

        foreach (var variable in container.Objects("env"))
        {
            variable.Object("valueFrom", "fieldRef")?.Default("apiVersion", "v1");
        }

        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            Probe(container.Object(probe));
        }
    }

    private static void Probe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        foreach (var (key, value) in s_probe)
        {
            probe.Default(key, value);
        }

        probe.Object("httpGet")?.Default("scheme", "HTTP");
        probe.Object("httpGet")?.Default("path", "/");
    }

    private static string PullPolicy(string image)
    {
        var last = image[(image.LastIndexOf('/') + 1)..];
        return image.Contains('@', StringComparison.Ordinal)
            || (last.Contains(':', StringComparison.Ordinal) && !last.EndsWith(":latest", StringComparison.Ordinal))
            ? "IfNotPresent"
            : "Always";
    }

    private static void MountToken(JsonObject spec)
    {
        var name = $"kube-api-access-{ObjectWriter.RandomSuffix()}";
        var volumes = spec["volumes"] as JsonArray ?? [];
        spec["volumes"] = volumes;
        volumes.Add(JsonNode.Parse($$$"""
            {"name":"{{{name}}}","projected":{"defaultMode":420,"sources":[
            {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
            {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
            {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1",
            "fieldPath":"metadata.namespace"}}]}}]}}
            """));
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            var mounts = container["volumeMounts"] as JsonArray ?? [];
            container["volumeMounts"] = mounts;
            mounts.Add(new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = TokenMount });
        }
    }

    private static JsonObject Toleration(string condition) => new()
    {
        ["key"] = $"node.kubernetes.io/{condition}",
        ["operator"] = "Exists",
        ["effect"] = "NoExecute",
        ["tolerationSeconds"] = 300,
    };
}
