using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Who brings which kind about.</summary>
internal sealed class Reconcilers(ObjectStore store, ObjectWriter writer, Owned owned, TimeProvider clock)
{
    private readonly DeploymentController _deployments = new(writer, owned, clock);
    private readonly ReplicaSetController _replicaSets = new(writer, owned);
    private readonly StatefulSetController _statefulSets = new(store, writer, owned);
    private readonly DaemonSetController _daemonSets = new(writer, owned);
    private readonly JobController _jobs = new(writer, owned, clock);

    public static bool Concerns(ResourceType type) => type.Kind is
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "PersistentVolumeClaim";

    /// <summary>True when nothing is left to do until something changes; false asks to come again with time.</summary>
    public bool Reconcile(ObjectKey key)
    {
        if (store.Find(key.Type, key.Namespace, key.Name) is not { } stored || stored.Json.IsBeingDeleted)
        {
            return true;
        }

        return key.Type.Kind switch
        {
            "Deployment" => _deployments.Reconcile(stored),
            "ReplicaSet" => _replicaSets.Reconcile(stored),
            "StatefulSet" => _statefulSets.Reconcile(stored),
            "DaemonSet" => _daemonSets.Reconcile(stored),
            "Job" => _jobs.Reconcile(stored),
            "PersistentVolumeClaim" => Bind(stored),
            _ => true,
        };
    }

    /// <summary>Claims are granted at once: nothing is ever stored in them.</summary>
    private bool Bind(StoredObject claim)
    {
        writer.Set(claim, json =>
        {
            json.Ensure("status")["phase"] = "Bound";
            json.Ensure("status")["accessModes"] = json.At("spec", "accessModes")?.DeepClone();
            json.Ensure("status")["capacity"] = json.At("spec", "resources", "requests")?.DeepClone();
            json.Ensure("spec").Default("volumeName", $"pvc-{claim.Uid}");
        });
        return true;
    }
}
