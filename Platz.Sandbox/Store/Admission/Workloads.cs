using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>Defaults of everything that makes pods.</summary>
internal static class Workloads
{
    public static void Apply(ResourceType type, JsonObject json)
    {
        if (json.Object("spec") is { } spec)
        {
            Apply(type, json, spec);
        }
    }

    private static void Apply(ResourceType type, JsonObject json, JsonObject spec)
    {
        switch (type.Kind)
        {
            case "Deployment":
                Deployment(json, spec);
                break;
            case "ReplicaSet":
                ReplicaSet(json, spec);
                break;
            case "StatefulSet":
                StatefulSet(json, spec);
                break;
            case "DaemonSet":
                DaemonSet(spec);
                break;
            case "Job":
                Job(json, spec);
                break;
            case "CronJob":
                CronJob(spec);
                break;
            default:
                return;
        }

        json.Ensure("status");
        PodDefaults.Template(spec.Object("template"));
    }

    private static void ReplicaSet(JsonObject json, JsonObject spec)
    {
        spec.Default("replicas", 1);
        json.Ensure("status").Default("replicas", 0);
    }

    private static void Deployment(JsonObject json, JsonObject spec)
    {
        spec.Default("replicas", 1);
        var strategy = spec.Ensure("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("maxUnavailable", "25%");
            strategy.Ensure("rollingUpdate").Default("maxSurge", "25%");
        }

        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
    }

    private static void StatefulSet(JsonObject json, JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("podManagementPolicy", "OrderedReady");
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("partition", 0);
        }

        spec.Default("revisionHistoryLimit", 10);
        json.Ensure("status").Default("replicas", 0);
        json.Ensure("status").Default("availableReplicas", 0);
    }

    private static void DaemonSet(JsonObject spec)
    {
        spec.Default("updateStrategy", JsonNode.Parse(
            """{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}}"""));
        spec.Default("revisionHistoryLimit", 10);
    }

    private static void CronJob(JsonObject spec)
    {
        spec.Default("concurrencyPolicy", "Allow");
        spec.Default("suspend", false);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("failedJobsHistoryLimit", 1);
        PodDefaults.Template(spec.Object("jobTemplate", "spec", "template"));
    }

    private static void Job(JsonObject json, JsonObject spec)
    {
        spec.Default("parallelism", 1);
        if (!spec.ContainsKey("parallelism") || spec.Number("parallelism") == 1)
        {
            spec.Default("completions", 1);
        }

        spec.Default("backoffLimit", 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        if (spec.ContainsKey("selector"))
        {
            return;
        }

        foreach (var labels in (JsonObject[])
            [json.Metadata.Ensure("labels"), spec.Ensure("template").Metadata.Ensure("labels")])
        {
            labels["controller-uid"] = json.Uid;
            labels["job-name"] = json.Name;
        }

        json.Metadata.Ensure("annotations").Default("batch.kubernetes.io/job-tracking", "");
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["controller-uid"] = json.Uid } };
    }
}
