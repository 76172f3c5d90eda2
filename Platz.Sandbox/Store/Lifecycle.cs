using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>When a deleted object really goes.</summary>
internal static class Lifecycle
{
    /// <summary>True once deletion was asked for, no grace is left and nobody's finalizer holds it.</summary>
    public static bool IsFinished(ResourceType type, JsonObject json) =>
        json.IsBeingDeleted
        && json.Number("metadata", "deletionGracePeriodSeconds") is null or 0
        && !json.IsHeld(type);

    extension(JsonObject json)
    {
        public bool IsHeld(ResourceType type) =>
            json.Texts("metadata", "finalizers").Any()
            || (type == ResourceTypes.Namespaces && json.Texts("spec", "finalizers").Any());
    }
}
