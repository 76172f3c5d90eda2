using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Deployment → replica sets: one per template, rolled from the old to the new.</summary>
internal sealed class DeploymentController(ObjectWriter writer, Owned owned, TimeProvider clock)
{
    private const string Revision = "deployment.kubernetes.io/revision";
    private const string HashLabel = "pod-template-hash";

    public bool Reconcile(StoredObject deployment)
    {
        var sets = owned.List(ResourceTypes.ReplicaSets, deployment);
        var current = sets.FirstOrDefault(set => IsOf(set, deployment));
        if (deployment.Json.Flag("spec", "paused") == true && current is null)
        {
            return true;
        }

        current = current is null ? CreateSet(deployment, sets) : KeepNewest(current, sets);
        writer.Set(deployment, json => json.Metadata.Ensure("annotations")[Revision] =
            current.Json.Annotation(Revision));
        var old = sets.Where(set => set.Uid != current.Uid).OrderBy(RevisionOf).ToList();
        Scale(deployment, current, old);
        var isDone = WriteStatus(deployment, current, old);
        if (isDone)
        {
            Forget(deployment, old);
        }

        return isDone;
    }

    private static bool IsOf(StoredObject set, StoredObject deployment)
    {
        var template = set.Json.Object("spec", "template")!.Copy();
        template.Object("metadata", "labels")?.Remove(HashLabel);
        var wanted = deployment.Json.Object("spec", "template")!.Copy();
        template.Metadata.Remove("creationTimestamp");
        wanted.Metadata.Remove("creationTimestamp");
        return template.SameAs(wanted);
    }

    private StoredObject CreateSet(StoredObject deployment, IReadOnlyList<StoredObject> sets)
    {
        var template = deployment.Json.Object("spec", "template")!.Copy();
        var hash = Owned.Hash(template);
        template.Metadata.Ensure("labels")[HashLabel] = hash;
        var selector = deployment.Json.Object("spec", "selector")!.Copy();
        selector.Ensure("matchLabels")[HashLabel] = hash;
        var revision = sets.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1;
        var rollout = Rollout.Of(deployment.Json.Object("spec")!);
        var replicas = rollout.GrowTo(new SetSize(0, 0, 0), [.. sets.Select(SetSize.Of)]);
        return writer.Create(ResourceTypes.ReplicaSets, deployment.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["labels"] = template.At("metadata", "labels")!.DeepClone(),
                ["annotations"] = new JsonObject
                {
                    [Revision] = revision.ToString(CultureInfo.InvariantCulture),
                },
                ["ownerReferences"] = new JsonArray(Owned.Reference(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        });
    }

    /// <summary>A rollback takes an old set up again; it becomes the newest revision.</summary>
    private StoredObject KeepNewest(StoredObject current, IReadOnlyList<StoredObject> sets)
    {
        var newest = sets.Max(RevisionOf);
        return RevisionOf(current) == newest
            ? current
            : writer.Set(current, json => json.Metadata.Ensure("annotations")[Revision] =
                (newest + 1).ToString(CultureInfo.InvariantCulture)) ?? current;
    }

    private void Scale(StoredObject deployment, StoredObject current, List<StoredObject> old)
    {
        var rollout = Rollout.Of(deployment.Json.Object("spec")!);
        var sizes = old.Select(SetSize.Of).ToList();
        var size = SetSize.Of(current);
        var grown = rollout.GrowTo(size, sizes);
        Resize(current, grown, rollout);
        var shrunk = rollout.ShrinkTo(size with { Wanted = grown }, sizes);
        for (var index = 0; index < old.Count; index++)
        {
            Resize(old[index], shrunk[index], rollout);
        }
    }

    private void Resize(StoredObject set, long replicas, Rollout rollout) => writer.Set(set, json =>
    {
        if (json.Number("spec", "replicas") != replicas)
        {
            json.Ensure("spec")["replicas"] = replicas;
            json.Metadata["generation"] = (json.Number("metadata", "generation") ?? 0) + 1;
        }

        var notes = json.Metadata.Ensure("annotations");
        notes["deployment.kubernetes.io/desired-replicas"] = rollout.Desired.ToString(CultureInfo.InvariantCulture);
        notes["deployment.kubernetes.io/max-replicas"] = rollout.MaxTotal.ToString(CultureInfo.InvariantCulture);
    });

    private bool WriteStatus(StoredObject deployment, StoredObject current, List<StoredObject> old)
    {
        var all = owned.List(ResourceTypes.ReplicaSets, deployment);
        var updated = all.First(set => set.Uid == current.Uid);
        var isDone = false;
        writer.Set(deployment, json =>
        {
            var desired = json.Number("spec", "replicas") ?? 1;
            var status = DeploymentStatus.Count(json, updated, all);
            isDone = DeploymentStatus.IsDone(status, desired);
            DeploymentStatus.SetConditions(json, status, updated.Name, clock.GetUtcNow());
            json["status"] = status;
        });
        return isDone && old.All(set => set.Json.Number("status", "replicas") is null or 0);
    }

    private void Forget(StoredObject deployment, List<StoredObject> old)
    {
        var keep = (int)(deployment.Json.Number("spec", "revisionHistoryLimit") ?? 10);
        foreach (var set in old.SkipLast(keep))
        {
            owned.Delete(set);
        }
    }

    private static long RevisionOf(StoredObject set) =>
        long.TryParse(set.Json.Annotation(Revision), CultureInfo.InvariantCulture, out var revision) ? revision : 0;
}
