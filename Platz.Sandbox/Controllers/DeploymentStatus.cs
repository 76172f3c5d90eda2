using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>The status of a deployment: what its sets have, and the two conditions everybody waits for.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Count(JsonObject deployment, StoredObject updated, IReadOnlyList<StoredObject> sets)
    {
        var status = new JsonObject { ["observedGeneration"] = deployment.Number("metadata", "generation") };
        var desired = deployment.Number("spec", "replicas") ?? 1;
        var available = Sum(sets, "availableReplicas");
        Put(status, "replicas", Sum(sets, "replicas"));
        Put(status, "updatedReplicas", updated.Json.Number("status", "replicas") ?? 0);
        Put(status, "readyReplicas", Sum(sets, "readyReplicas"));
        Put(status, "availableReplicas", available);
        Put(status, "unavailableReplicas", Math.Max(0, Math.Max(desired, Sum(sets, "replicas")) - available));
        status["conditions"] = deployment.At("status", "conditions")?.DeepClone() ?? new JsonArray();
        return status;
    }

    public static bool IsDone(JsonObject status, long desired) =>
        (status.Number("updatedReplicas") ?? 0) == desired && (status.Number("replicas") ?? 0) == desired
        && (status.Number("availableReplicas") ?? 0) == desired;

    public static void SetConditions(JsonObject deployment, JsonObject status, string set, DateTimeOffset now)
    {
        var rollout = Rollout.Of(deployment.Object("spec")!);
        var isAvailable = (status.Number("availableReplicas") ?? 0) >= rollout.Desired - rollout.MaxUnavailable;
        status.SetCondition("Available", isAvailable,
            isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            isAvailable ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            now.Rfc3339);
        var before = status.Condition("Progressing");
        if (IsDone(status, rollout.Desired))
        {
            status.SetCondition("Progressing", true, "NewReplicaSetAvailable",
                $"ReplicaSet \"{set}\" has successfully progressed.", now.Rfc3339);
        }
        else if (HasMoved(deployment, status) || before is null)
        {
            Touch(status, set, now);
        }
        else if (IsLate(deployment, before, now))
        {
            status.SetCondition("Progressing", false, "ProgressDeadlineExceeded",
                $"ReplicaSet \"{set}\" has timed out progressing.", now.Rfc3339);
        }
    }

    private static bool HasMoved(JsonObject deployment, JsonObject status) =>
        ((string[])["observedGeneration", "updatedReplicas", "readyReplicas", "availableReplicas"])
            .Any(key => deployment.Number("status", key) != status.Number(key))
        || (deployment.Number("status", "replicas") ?? 0) > (status.Number("replicas") ?? 0);

    private static void Touch(JsonObject status, string set, DateTimeOffset now)
    {
        status.SetCondition("Progressing", true, "ReplicaSetUpdated",
            $"ReplicaSet \"{set}\" is progressing.", now.Rfc3339);
        status.Condition("Progressing")!["lastUpdateTime"] = now.Rfc3339;
    }

    private static bool IsLate(JsonObject deployment, JsonObject progressing, DateTimeOffset now) =>
        progressing.Text("status") == "True"
        && progressing.Text("reason") != "NewReplicaSetAvailable"
        && deployment.Number("spec", "progressDeadlineSeconds") is { } seconds
        && DateTimeOffset.TryParse(progressing.Text("lastUpdateTime"), CultureInfo.InvariantCulture, out var since)
        && now > since.AddSeconds(seconds);

    private static long Sum(IReadOnlyList<StoredObject> sets, string key) =>
        sets.Sum(set => set.Json.Number("status", key) ?? 0);

    /// <summary>Zeroes are left out, as the real server does.</summary>
    private static void Put(JsonObject status, string key, long value)
    {
        if (value != 0)
        {
            status[key] = value;
        }
    }
}
