using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>What a DELETE asks for.</summary>
public sealed record DeleteOptions
{
    public long? GraceSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan.</summary>
    public string Propagation { get; init; } = "Background";

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public bool DryRun { get; init; }
}

/// <summary>Deletes: at once, after the grace of a pod, or as soon as the last finalizer has gone.</summary>
public sealed class ObjectDeleter(ObjectStore store, TimeProvider clock)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    private static readonly string[] s_protected = ["default", "kube-system", "kube-public", "kube-node-lease"];

    /// <summary>The object as it stands afterwards, or stood last.</summary>
    public StoredObject Delete(ObjectKey key, DeleteOptions options)
    {
        if (key.Type == ResourceTypes.Namespaces && s_protected.Contains(key.Name))
        {
            throw ApiException.Forbidden(key.Type, key.Name, "this namespace may not be deleted");
        }

        var stored = store.Change(key, current =>
        {
            CheckPreconditions(key, current ?? throw ApiException.NotFound(key.Type, key.Name), options);
            return options.DryRun ? current.Json : Marked(key.Type, current.Json.Copy(), options);
        });
        return stored!;
    }

    private JsonObject Marked(ResourceType type, JsonObject json, DeleteOptions options)
    {
        if (type == ResourceTypes.Pods)
        {
            return MarkedPod(json, options);
        }

        if (json.IsBeingDeleted)
        {
            return json;
        }

        json.Metadata["deletionTimestamp"] = clock.GetUtcNow().Rfc3339;
        if (type == ResourceTypes.Namespaces)
        {
            json.Ensure("status")["phase"] = "Terminating";
            return json;
        }

        json.Metadata["deletionGracePeriodSeconds"] = 0;
        HoldForDependents(json, options.Propagation);

        if (type.HasGeneration)
        {
            json.Metadata["generation"] = (json.Number("metadata", "generation") ?? 0) + 1;
        }

        return json;
    }

    private static void HoldForDependents(JsonObject json, string propagation)
    {
        if (propagation is "Foreground" or "Orphan")
        {
            var finalizers = json.Metadata["finalizers"] as JsonArray ?? [];
            json.Metadata["finalizers"] = finalizers;
            finalizers.Add(propagation == "Foreground" ? Foreground : Orphan);
        }
    }

    /// <summary>
    /// A pod that never started or has finished goes at once; a second delete may only shorten the grace.
    /// </summary>
    private JsonObject MarkedPod(JsonObject json, DeleteOptions options)
    {
        var isIdle = json.Text("spec", "nodeName") is null || json.Text("status", "phase") is "Succeeded" or "Failed";
        var grace = isIdle ? 0 : options.GraceSeconds ?? json.Number("spec", "terminationGracePeriodSeconds") ?? 30;
        if (json.IsBeingDeleted && json.Number("metadata", "deletionGracePeriodSeconds") is { } left && left <= grace)
        {
            return json;
        }

        json.Metadata["deletionTimestamp"] = clock.GetUtcNow().AddSeconds(grace).Rfc3339;
        json.Metadata["deletionGracePeriodSeconds"] = grace;
        return json;
    }

    private static void CheckPreconditions(ObjectKey key, StoredObject current, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != current.Uid)
        {
            throw ApiException.Conflict(key.Type, key.Name, $"Precondition failed: UID in precondition: {uid}, UID in "
                + $"object meta: {current.Uid}");
        }

        if (options.ResourceVersion is { } version && version != current.Json.Text("metadata", "resourceVersion"))
        {
            throw ApiException.Conflict(key.Type, key.Name, "Precondition failed: ResourceVersion in precondition: "
                + $"{version}, ResourceVersion in object meta: {current.Json.Text("metadata", "resourceVersion")}");
        }
    }
}
