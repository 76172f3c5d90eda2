using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>What belongs to a controlling object, and new things made for it.</summary>
internal sealed class Owned(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter)
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    public IReadOnlyList<StoredObject> List(ResourceType type, StoredObject owner) =>
        [.. store.List(type, owner.Namespace).Objects.Where(stored => ControllerOf(stored.Json)?.Uid == owner.Uid)];

    /// <summary>The pods that still count: neither finished nor on their way out.</summary>
    public IReadOnlyList<StoredObject> ActivePods(StoredObject owner) =>
        [.. List(ResourceTypes.Pods, owner).Where(pod => IsActive(pod.Json))];

    public static (ResourceType Type, string Name, string Uid)? ControllerOf(JsonObject json)
    {
        var reference = json.Objects("metadata", "ownerReferences")
            .FirstOrDefault(reference => reference.Flag("controller") == true);
        return ResourceTypes.OfKind(reference.Text("apiVersion"), reference.Text("kind")) is { } type
            ? (type, reference.Text("name") ?? "", reference.Text("uid") ?? "")
            : null;
    }

    public static bool IsActive(JsonObject pod) =>
        !pod.IsBeingDeleted && pod.Text("status", "phase") is not ("Succeeded" or "Failed");

    public static bool IsReady(JsonObject pod) => pod.Objects("status", "conditions")
        .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    /// <summary>Makes a pod from the owner's template; without a name of its own it gets a generated one.</summary>
    public void CreatePod(StoredObject owner, string? name, Action<JsonObject>? adjust = null)
    {
        var template = owner.Json.Object("spec", "template")!;
        var metadata = template.Object("metadata")?.Copy() ?? [];
        metadata.Remove("creationTimestamp");
        metadata.Remove("name");
        if (name is not null)
        {
            metadata["name"] = name;
        }

        metadata["generateName"] = $"{owner.Name}-";
        metadata["ownerReferences"] = new JsonArray(Reference(owner));
        var pod = new JsonObject { ["metadata"] = metadata, ["spec"] = template.Object("spec")!.DeepClone() };
        adjust?.Invoke(pod);
        writer.Create(ResourceTypes.Pods, owner.Namespace, pod);
    }

    public void Delete(StoredObject stored)
    {
        if (stored.Json.IsBeingDeleted || store.Find(stored.Type, stored.Namespace, stored.Name)?.Uid != stored.Uid)
        {
            return;
        }

        deleter.Delete(stored.Key, new DeleteOptions { Uid = stored.Uid });
    }

    public static JsonObject Reference(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Type.ApiVersion,
        ["kind"] = owner.Type.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>A short name for a template, as in <c>web-57c547f7b8</c>.</summary>
    public static string Hash(JsonNode template)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in StoredObject.Write(template))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return string.Create(10, hash, (letters, seed) =>
        {
            for (var index = 0; index < letters.Length; index++, seed /= 27)
            {
                letters[index] = NameLetters[(int)(seed % 27)];
            }
        });
    }
}
