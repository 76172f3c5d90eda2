using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Daemon set → one pod, for there is one node.</summary>
internal sealed class DaemonSetController(ObjectWriter writer, Owned owned)
{
    private const string RevisionLabel = "controller-revision-hash";

    public bool Reconcile(StoredObject set)
    {
        var revision = Owned.Hash(set.Json.Object("spec", "template")!);
        foreach (var pod in owned.List(ResourceTypes.Pods, set))
        {
            if (pod.Json.Label(RevisionLabel) != revision
                || pod.Json.Text("status", "phase") is "Failed" or "Succeeded")
            {
                owned.Delete(pod);
            }
        }

        if (owned.List(ResourceTypes.Pods, set).Count == 0)
        {
            owned.CreatePod(set, name: null, pod => pod.Metadata.Ensure("labels")[RevisionLabel] = revision);
        }

        WriteStatus(set, revision);
        return true;
    }

    private void WriteStatus(StoredObject set, string revision)
    {
        var pods = owned.ActivePods(set);
        var ready = pods.Count(pod => Owned.IsReady(pod.Json));
        writer.Set(set, json => json["status"] = new JsonObject
        {
            ["currentNumberScheduled"] = pods.Count,
            ["numberMisscheduled"] = 0,
            ["desiredNumberScheduled"] = 1,
            ["numberReady"] = ready,
            ["observedGeneration"] = json.Number("metadata", "generation"),
            ["updatedNumberScheduled"] = pods.Count(pod => pod.Json.Label(RevisionLabel) == revision),
            ["numberAvailable"] = ready,
            ["numberUnavailable"] = 1 - ready,
        });
    }
}
