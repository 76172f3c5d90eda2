using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Platz.Core.Resources;

namespace Platz.Runner.Watching;

/// <summary>Reads from a Kubernetes object what the Resources tab shows of it.</summary>
internal static class SeenObject
{
    private const int MostReplicasShown = 100;
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration"; // may hold secrets

    public static K8sResource Of(V1Deployment seen, Place place)
    {
        var stuck = seen.Status?.Conditions?.FirstOrDefault(c =>
            c is { Type: "Progressing", Status: "False" } or { Type: "ReplicaFailure", Status: "True" });
        var resource = Resource(seen, "Deployment", "apps/v1", place);
        Count(resource, seen.Status?.ReadyReplicas ?? 0, seen.Spec.Replicas ?? 1);
        (resource.State, resource.Message) = (stuck?.Reason ?? resource.State, stuck?.Message);
        return resource;
    }

    public static K8sResource Of(V1StatefulSet seen, Place place)
    {
        var resource = Resource(seen, "StatefulSet", "apps/v1", place);
        Count(resource, seen.Status?.ReadyReplicas ?? 0, seen.Spec.Replicas ?? 1);
        return resource;
    }

    public static K8sResource Of(V1ReplicaSet seen, Place place)
    {
        var resource = Resource(seen, "ReplicaSet", "apps/v1", place);
        Count(resource, seen.Status?.ReadyReplicas ?? 0, seen.Spec.Replicas ?? 1);
        var failure = seen.Status?.Conditions?.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        (resource.State, resource.Message) = (failure?.Reason ?? resource.State, failure?.Message);
        return resource;
    }

    public static K8sResource Of(V1Job seen, Place place)
    {
        var status = seen.Status;
        var resource = Resource(seen, "Job", "batch/v1", place);
        (resource.Ready, resource.Desired) = (status?.Succeeded ?? 0, seen.Spec.Completions ?? 1);
        resource.StatusColor =
        [
            .. Enumerable.Repeat("primary", status?.Active ?? 0), .. Enumerable.Repeat("success", status?.Succeeded ?? 0),
            .. Enumerable.Repeat("danger", status?.Failed ?? 0),
        ];
        var end = status?.Conditions?.FirstOrDefault(c => c.Status == "True" && c.Type is "Complete" or "Failed");
        (resource.State, resource.Message) = (end?.Type ?? resource.State ?? "Running", end?.Message);
        return resource;
    }

    public static K8sResource Of(V1Pod seen, Place place)
    {
        var containers = seen.Status?.ContainerStatuses ?? [];
        var resource = Resource(seen, "Pod", "v1", place);
        (resource.Ready, resource.Desired) = (containers.Count(c => c.Ready), seen.Spec.Containers.Count);
        resource.Restarts = containers.Sum(c => c.RestartCount);
        var (state, message) = Waiting(seen) ?? (seen.Status?.Phase ?? "Pending", seen.Status?.Message);
        (resource.State, resource.Message) = (resource.State ?? seen.Status?.Reason ?? state, message);
        resource.StatusColor = [Colour(seen, resource)];
        return resource;
    }

    private static string Colour(V1Pod pod, K8sResource seen) => (pod.Status?.Phase, seen.Ready == seen.Desired) switch
    {
        ("Succeeded", _) or ("Running", true) => "success",
        ("Failed", _) => "danger",
        _ when Waiting(pod) is not null => "danger",
        _ => "primary",
    };

    /// <summary>Why a pod does not run; null where it does, or where nothing is wrong yet.</summary>
    private static (string State, string? Message)? Waiting(V1Pod pod)
    {
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).ToList();
        if (statuses.Select(c => c.State?.Waiting).FirstOrDefault(w => w?.Reason is not null
            and not "ContainerCreating" and not "PodInitializing") is { } waiting)
        {
            return (waiting.Reason, waiting.Message);
        }

        return pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled
            ? (unscheduled.Reason ?? "Unschedulable", unscheduled.Message)
            : null;
    }

    private static void Count(K8sResource resource, int ready, int desired)
    {
        (resource.Ready, resource.Desired) = (ready, desired);
        var missing = Math.Clamp(desired - ready, 0, MostReplicasShown);
        resource.StatusColor =
        [
            .. Enumerable.Repeat("success", Math.Min(ready, MostReplicasShown)), .. Enumerable.Repeat("danger", missing),
        ];
    }

    private static K8sResource Resource(
        IKubernetesObject<V1ObjectMeta> seen, string kind, string apiVersion, Place place) => new()
        {
            Id = Guid.Parse(seen.Metadata.Uid),
            ClusterId = place.ClusterId,
            DeploymentId = place.DeploymentId,
            Kind = kind,
            ApiVersion = apiVersion,
            Name = seen.Metadata.Name,
            CreatedAt = seen.Metadata.CreationTimestamp is { } at
                ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc))
                : DateTimeOffset.UnixEpoch,
            OwnerId = seen.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller is true) is { } owner
                && Guid.TryParse(owner.Uid, out var uid) ? uid : null,
            State = seen.Metadata.DeletionTimestamp is null ? null : "Terminating",
            Metadata = Metadata(seen.Metadata),
        };

    private static JsonObject Metadata(V1ObjectMeta metadata)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(metadata))!.AsObject();
        json.Remove("managedFields");
        (json["annotations"] as JsonObject)?.Remove(LastApplied);
        return json;
    }

    /// <summary>Whose object it is.</summary>
    public readonly record struct Place(Guid ClusterId, Guid DeploymentId);
}
