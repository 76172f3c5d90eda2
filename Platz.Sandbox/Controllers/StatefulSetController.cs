using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Stateful set → pods with ordinals: one after the other up, from the last down to update.</summary>
internal sealed class StatefulSetController(ObjectStore store, ObjectWriter writer, Owned owned)
{
    private const string RevisionLabel = "controller-revision-hash";

    public bool Reconcile(StoredObject set)
    {
        var revision = $"{set.Name}-{Owned.Hash(set.Json.Object("spec", "template")!)}";
        var wanted = (int)(set.Json.Number("spec", "replicas") ?? 1);
        var inOrder = set.Json.Text("spec", "podManagementPolicy") != "Parallel";
        var pods = owned.List(ResourceTypes.Pods, set);
        foreach (var finished in pods.Where(pod => pod.Json.Text("status", "phase") is "Failed" or "Succeeded"))
        {
            owned.Delete(finished);
        }

        Grow(set, pods, wanted, revision, inOrder);
        Shrink(pods, wanted);
        Update(set, owned.ActivePods(set), wanted, revision);
        WriteStatus(set, wanted, revision);
        return true;
    }

    private void Grow(StoredObject set, IReadOnlyList<StoredObject> pods, int wanted, string revision, bool inOrder)
    {
        for (var ordinal = 0; ordinal < wanted; ordinal++)
        {
            var name = $"{set.Name}-{ordinal}";
            var pod = pods.FirstOrDefault(pod => pod.Name == name);
            if (pod is null)
            {
                Create(set, name, revision);
            }

            if (inOrder && (pod is null || !Owned.IsActive(pod.Json) || !Owned.IsReady(pod.Json)))
            {
                return; // the next one waits for this one
            }
        }
    }

    private void Create(StoredObject set, string name, string revision)
    {
        var claims = set.Json.Objects("spec", "volumeClaimTemplates").ToList();
        foreach (var claim in claims)
        {
            var itsName = $"{claim.Name}-{name}";
            if (store.Find(ResourceTypes.Claims, set.Namespace, itsName) is null)
            {
                var json = new JsonObject { ["spec"] = claim["spec"]?.DeepClone() };
                json.Metadata["name"] = itsName;
                writer.Create(ResourceTypes.Claims, set.Namespace, json);
            }
        }

        owned.CreatePod(set, name, pod =>
        {
            pod.Metadata.Ensure("labels")[RevisionLabel] = revision;
            pod.Metadata.Ensure("labels")["statefulset.kubernetes.io/pod-name"] = name;
            pod.Ensure("spec")["hostname"] = name;
            pod.Ensure("spec")["subdomain"] = set.Json.Text("spec", "serviceName");
            var volumes = pod.At("spec", "volumes") as JsonArray ?? [];
            pod.Ensure("spec")["volumes"] = volumes;
            foreach (var claim in claims)
            {
                volumes.Add(new JsonObject
                {
                    ["name"] = claim.Name,
                    ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{claim.Name}-{name}" },
                });
            }
        });
    }

    private void Shrink(IReadOnlyList<StoredObject> pods, int wanted)
    {
        if (pods.Where(pod => Ordinal(pod) >= wanted).MaxBy(Ordinal) is { } last)
        {
            owned.Delete(last);
        }
    }

    /// <summary>Replaces the last pod of an older revision, once all others are ready.</summary>
    private void Update(StoredObject set, IReadOnlyList<StoredObject> pods, int wanted, string revision)
    {
        var partition = set.Json.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        var outdated =
            pods.Where(pod => pod.Json.Label(RevisionLabel) != revision && Ordinal(pod) >= partition).ToList();
        var isManual = set.Json.Text("spec", "updateStrategy", "type") == "OnDelete";
        var broken = outdated.Find(pod => !Owned.IsReady(pod.Json));
        var mayGo = pods.Count == wanted && pods.All(pod => Owned.IsReady(pod.Json) || pod == broken);
        if (!isManual && mayGo && outdated.Count > 0)
        {
            owned.Delete(broken ?? outdated.MaxBy(Ordinal)!);
        }
    }

    private void WriteStatus(StoredObject set, int wanted, string revision)
    {
        var pods = owned.ActivePods(set);
        var updated = pods.Count(pod => pod.Json.Label(RevisionLabel) == revision);
        var ready = pods.Count(pod => Owned.IsReady(pod.Json));
        writer.Set(set, json =>
        {
            var before = json.Text("status", "currentRevision");
            var isDone = updated == wanted && ready == wanted;
            var status = new JsonObject
            {
                ["observedGeneration"] = json.Number("metadata", "generation"),
                ["replicas"] = pods.Count,
                ["readyReplicas"] = ready,
                ["currentReplicas"] = isDone ? wanted : pods.Count - updated,
                ["updatedReplicas"] = updated,
                ["currentRevision"] = isDone ? revision : before ?? revision,
                ["updateRevision"] = revision,
                ["collisionCount"] = 0,
                ["availableReplicas"] = ready,
            };
            json["status"] = status;
        });
    }

    private static int Ordinal(StoredObject pod) =>
        int.TryParse(pod.Name[(pod.Name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : -1;
}
