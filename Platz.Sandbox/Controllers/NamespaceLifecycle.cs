using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Empties namespaces that are being deleted, says what still holds them, and lets them go.</summary>
internal sealed class NamespaceLifecycle(
    ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, SandboxOptions options, TimeProvider clock)
{
    private readonly Dictionary<string, DateTimeOffset> _terminating = [];

    public void Note(StoreChange change)
    {
        if (change.Stored.Type != ResourceTypes.Namespaces)
        {
            return;
        }

        if (change.Kind is ChangeKind.Deleted)
        {
            _terminating.Remove(change.Stored.Name);
        }
        else if (change.Stored.Json.IsBeingDeleted)
        {
            _terminating.TryAdd(change.Stored.Name, clock.GetUtcNow() + options.NamespaceDelay);
        }
    }

    public void Work()
    {
        foreach (var (ns, due) in _terminating.ToList())
        {
            if (clock.GetUtcNow() >= due && store.Find(ResourceTypes.Namespaces, "", ns) is { } space)
            {
                Empty(space);
            }
        }
    }

    private void Empty(StoredObject space)
    {
        foreach (var stored in store.Content(space.Name).Where(stored => !stored.Json.IsBeingDeleted))
        {
            try
            {
                deleter.Delete(stored.Key, new DeleteOptions { Uid = stored.Uid });
            }
            catch (ApiException refused) when (refused.Code is 404 or 409)
            {
                // it has just gone by itself
            }
        }

        var left = store.Content(space.Name);
        WriteConditions(space, left);
        if (left.Count == 0)
        {
            writer.Set(space, json => json.Ensure("spec").Remove("finalizers"));
        }
    }

    private void WriteConditions(StoredObject space, IReadOnlyList<StoredObject> left) => writer.Set(space, json =>
    {
        var status = json.Ensure("status");
        Set(status, "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
            "All resources successfully discovered");
        Set(status, "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
            "All legacy kube types successfully parsed");
        Set(status, "NamespaceDeletionContentFailure", false, "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization");
        Set(status, "NamespaceContentRemaining", left.Count > 0,
            left.Count > 0 ? "SomeResourcesRemain" : "ContentRemoved",
            left.Count > 0 ? $"Some resources are remaining: {Kinds(left)}" : "All content successfully removed");
        var held = left.SelectMany(stored => stored.Json.Texts("metadata", "finalizers")).ToList();
        Set(status, "NamespaceFinalizersRemaining", held.Count > 0,
            held.Count > 0 ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
            held.Count > 0
                ? $"Some content in the namespace has finalizers remaining: {Finalizers(held)}"
                : "All content-preserving finalizers finished");
    });

    private void Set(JsonObject status, string type, bool holds, string reason, string message)
    {
        status.SetCondition(type, holds, reason, message, clock.GetUtcNow().Rfc3339);
        status.Condition(type)?.Remove("lastUpdateTime");
    }

    private static string Kinds(IReadOnlyList<StoredObject> left) => string.Join(", ", left
        .GroupBy(stored => stored.Type.Group.Length == 0 ? $"{stored.Type.Plural}." : stored.Type.QualifiedPlural)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key} has {group.Count()} resource instances"));

    private static string Finalizers(IEnumerable<string> held) => string.Join(", ", held
        .GroupBy(finalizer => finalizer).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key} in {group.Count()} resource instances"));
}
