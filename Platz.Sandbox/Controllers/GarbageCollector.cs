using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Removes what nobody owns any more, and lets go of owners deleted with Foreground or Orphan.</summary>
internal sealed class GarbageCollector(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter)
{
    private readonly Dictionary<string, ObjectKey> _waiting = [];
    private readonly HashSet<string> _namespaces = [];

    public void Note(StoreChange change)
    {
        var json = change.Stored.Json;
        if (change.Kind is ChangeKind.Deleted)
        {
            _waiting.Remove(change.Stored.Uid);
            _namespaces.Add(change.Stored.Namespace);
        }
        else if (json.IsBeingDeleted
            && json.Texts("metadata", "finalizers").Any(f => f is ObjectDeleter.Foreground or ObjectDeleter.Orphan))
        {
            _waiting[change.Stored.Uid] = change.Stored.Key;
        }
        else if (change.Kind is ChangeKind.Added && json.Objects("metadata", "ownerReferences").Any())
        {
            _namespaces.Add(change.Stored.Namespace);
        }
    }

    public void Work()
    {
        foreach (var ns in _namespaces.Where(ns => ns.Length > 0))
        {
            Sweep(ns);
        }

        _namespaces.Clear();
        foreach (var key in _waiting.Values.ToList())
        {
            if (store.Find(key.Type, key.Namespace, key.Name) is { } owner && owner.Json.IsBeingDeleted)
            {
                Release(owner);
            }
        }
    }

    private void Sweep(string ns)
    {
        foreach (var stored in store.Content(ns).Where(stored => !stored.Json.IsBeingDeleted))
        {
            var owners = stored.Json.Objects("metadata", "ownerReferences").ToList();
            if (owners.Count > 0 && owners.TrueForAll(owner => IsGone(owner, ns)))
            {
                Delete(stored, new DeleteOptions { Uid = stored.Uid });
            }
        }
    }

    private bool IsGone(JsonObject reference, string ns)
    {
        if (ResourceTypes.OfKind(reference.Text("apiVersion"), reference.Text("kind")) is not { } type)
        {
            return false; // a kind we do not know may well live elsewhere
        }

        var owner = store.Find(type, type.Namespaced ? ns : "", reference.Text("name") ?? "");
        return owner?.Uid != reference.Text("uid");
    }

    private void Release(StoredObject owner)
    {
        var dependents = store.Content(owner.Namespace)
            .Where(stored => stored.Json.Objects("metadata", "ownerReferences").Any(r => r.Text("uid") == owner.Uid))
            .ToList();
        var orphan = owner.Json.Texts("metadata", "finalizers").Contains(ObjectDeleter.Orphan);
        foreach (var dependent in dependents)
        {
            if (orphan)
            {
                Orphan(dependent, owner.Uid);
            }
            else if (!dependent.Json.IsBeingDeleted)
            {
                Delete(dependent, new DeleteOptions { Uid = dependent.Uid, Propagation = "Foreground" });
            }
        }

        if (orphan || dependents.Count == 0)
        {
            DropFinalizer(owner, orphan ? ObjectDeleter.Orphan : ObjectDeleter.Foreground);
        }
    }

    private void Orphan(StoredObject dependent, string ownerUid) => writer.Set(dependent, json =>
        json.Metadata["ownerReferences"] = new JsonArray([.. json.Objects("metadata", "ownerReferences")
            .Where(reference => reference.Text("uid") != ownerUid).Select(reference => reference.DeepClone())]));

    private void DropFinalizer(StoredObject owner, string finalizer) => writer.Set(owner, json =>
        json.Metadata["finalizers"] = new JsonArray([.. json.Texts("metadata", "finalizers")
            .Where(name => name != finalizer).Select(name => (JsonNode)name)]));

    private void Delete(StoredObject stored, DeleteOptions options)
    {
        try
        {
            deleter.Delete(stored.Key, options);
        }
        catch (ApiException refused) when (refused.Code is 404 or 409)
        {
            // it went, or another took its name, since we looked
        }
    }
}
