using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Replica set → pods.</summary>
internal sealed class ReplicaSetController(ObjectWriter writer, Owned owned)
{
    public bool Reconcile(StoredObject set)
    {
        var wanted = set.Json.Number("spec", "replicas") ?? 0;
        foreach (var failed in owned.List(ResourceTypes.Pods, set).Where(pod => IsFinished(pod.Json)))
        {
            owned.Delete(failed);
        }

        var pods = owned.ActivePods(set);
        for (var missing = wanted - pods.Count; missing > 0; missing--)
        {
            owned.CreatePod(set, name: null);
        }

        var surplus = (int)Math.Max(0, pods.Count - wanted);
        foreach (var pod in pods.OrderBy(pod => Owned.IsReady(pod.Json)).ThenByDescending(pod => pod.Version)
            .Take(surplus))
        {
            owned.Delete(pod);
        }

        WriteStatus(set, owned.ActivePods(set));
        return true;
    }

    private static bool IsFinished(JsonObject pod) => pod.Text("status", "phase") is "Failed" or "Succeeded";

    private void WriteStatus(StoredObject set, IReadOnlyList<StoredObject> pods) => writer.Set(set, json =>
    {
        var ready = pods.Count(pod => Owned.IsReady(pod.Json));
        var status = new JsonObject { ["replicas"] = pods.Count };
        if (pods.Count > 0)
        {
            status["fullyLabeledReplicas"] = pods.Count;
        }

        if (ready > 0)
        {
            status["readyReplicas"] = ready;
            status["availableReplicas"] = ready;
        }

        status["observedGeneration"] = json.Number("metadata", "generation");
        json["status"] = status;
    });
}
