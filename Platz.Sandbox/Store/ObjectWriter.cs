using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store.Admission;

namespace Platz.Sandbox.Store;

/// <summary>
/// Creates and updates objects the way the API server does: names, defaults, admission, validation, store.
/// </summary>
public sealed class ObjectWriter(ObjectStore store, Certificates certificates, TimeProvider clock)
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Tells what stood or would stand there; a dry run stores nothing.</summary>
    public StoredObject Create(
        ResourceType type,
        string ns,
        JsonObject json,
        bool dryRun = false,
        IReadOnlyDictionary<string, JsonObject>? applied = null)
    {
        Identify(type, ns, json);
        var key = new ObjectKey(type, ns, json.Name);
        RequireOpenNamespace(key);
        Defaults.Apply(type, json);
        PodAdmission.Admit(type, json, store);
        Validation.Check(type, json, old: null);
        json["metadata"] = Ordered(json.Metadata);
        if (dryRun)
        {
            return Refuse(key, store.Find(type, ns, key.Name)) ?? new StoredObject(key, json, store.Version);
        }

        var created = store.Change(key, current => (Refuse(key, current) is null ? json : null, applied))!;
        if (type == ResourceTypes.Namespaces)
        {
            FillNamespace(created.Name);
        }

        return created;
    }

    /// <summary>Changes an object; the metadata that belongs to the server stays what it was.</summary>
    public StoredObject Update(
        ObjectKey key,
        Func<StoredObject, JsonObject> change,
        bool dryRun = false,
        IReadOnlyDictionary<string, JsonObject>? applied = null)
    {
        var preview = default(StoredObject);
        var stored = store.Change(key, current =>
        {
            var next = Next(key, current ?? throw ApiException.NotFound(key.Type, key.Name), change);
            preview = dryRun ? new StoredObject(key, next, current.Version) : null;
            return dryRun ? (current.Json, current.Applied) : (next, applied ?? current.Applied);
        });
        return preview ?? stored!;
    }

    /// <summary>Changes what is the server's own business: status and the like. No validation, no generation.</summary>
    public StoredObject? Set(ObjectKey key, Action<JsonObject> change) => store.Change(key, current =>
    {
        var json = current?.Json.Copy();
        if (json is not null)
        {
            change(json);
        }

        return json;
    });

    public StoredObject? Set(StoredObject stored, Action<JsonObject> change) => store.Change(stored.Key, current =>
    {
        if (current is null || current.Uid != stored.Uid)
        {
            return current?.Json; // another object of the same name has taken its place
        }

        var json = current.Json.Copy();
        change(json);
        return json;
    });

    public static string RandomSuffix() => RandomNumberGenerator.GetString(NameLetters, 5);

    /// <summary>What a new namespace has at once, so that a pod may follow in the next request.</summary>
    private void FillNamespace(string ns)
    {
        Create(ResourceTypes.ServiceAccounts, ns,
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } });
        Create(ResourceTypes.ConfigMaps, ns, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kube-root-ca.crt",
                ["annotations"] = new JsonObject
                {
                    ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the sandbox.",
                },
            },
            ["data"] = new JsonObject { ["ca.crt"] = certificates.AuthorityPem },
        });
    }

    private static JsonObject Next(ObjectKey key, StoredObject current, Func<StoredObject, JsonObject> change)
    {
        var next = change(current);
        KeepServerFields(key.Type, current.Json, next);
        Defaults.Apply(key.Type, next);
        Validation.Check(key.Type, next, current.Json);
        if (key.Type.HasGeneration && !next["spec"].SameAs(current.Json["spec"]))
        {
            next.Metadata["generation"] = (current.Json.Number("metadata", "generation") ?? 0) + 1;
        }

        next["metadata"] = Ordered(next.Metadata);
        return next;
    }

    private static void KeepServerFields(ResourceType type, JsonObject current, JsonObject next)
    {
        if (next.Text("metadata", "resourceVersion") is { Length: > 0 } version
            && version != current.Text("metadata", "resourceVersion"))
        {
            throw ApiException.Modified(type, current.Name);
        }

        if (next.Uid is { Length: > 0 } uid && uid != current.Uid)
        {
            throw ApiException.Conflict(type, current.Name, $"Precondition failed: UID in precondition: {uid}, UID in "
                + $"object meta: {current.Uid}");
        }

        next["kind"] = type.Kind;
        next["apiVersion"] = type.ApiVersion;
        foreach (var field in s_identity)
        {
            next.Metadata.Remove(field);
            if (current.At("metadata", field) is { } value)
            {
                next.Metadata[field] = value.DeepClone();
            }
        }
    }

    private static readonly string[] s_identity =
    [
        "name", "namespace", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink",
    ];

    private void Identify(ResourceType type, string ns, JsonObject json)
    {
        json["kind"] = type.Kind;
        json["apiVersion"] = type.ApiVersion;
        var metadata = json.Metadata;
        if (json.Name.Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + RandomSuffix();
        }

        foreach (var field in s_identity.Except(["name", "generateName"]))
        {
            metadata.Remove(field);
        }

        if (type.Namespaced)
        {
            metadata["namespace"] = ns;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = clock.GetUtcNow().Rfc3339;
        if (type.HasGeneration)
        {
            metadata["generation"] = 1;
        }
    }

    private void RequireOpenNamespace(ObjectKey key)
    {
        if (!key.Type.Namespaced)
        {
            return;
        }

        var space = store.Find(ResourceTypes.Namespaces, "", key.Namespace)
            ?? throw ApiException.NotFound(ResourceTypes.Namespaces, key.Namespace);
        if (space.Json.IsBeingDeleted && key.Type != ResourceTypes.Events)
        {
            throw ApiException.BeingTerminated(key.Type, key.Name, key.Namespace);
        }
    }

    private static StoredObject? Refuse(ObjectKey key, StoredObject? current) => current is null
        ? null
        : throw ApiException.AlreadyExists(key.Type, key.Name, current.Json.IsBeingDeleted);

    /// <summary>The order in which the real server writes metadata; people read these objects.</summary>
    private static JsonObject Ordered(JsonObject metadata)
    {
        string[] order =
        [
            "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
            "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
        ];
        var ordered = new JsonObject();
        foreach (var key in order.Concat(metadata.Select(pair => pair.Key).Except(order)).ToList())
        {
            if (metadata[key] is { } value)
            {
                metadata.Remove(key);
                ordered[key] = value;
            }
        }

        return ordered;
    }
}
