using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>RFC 7386.</summary>
internal static class MergePatch
{
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject nested:
                    Apply(target.Ensure(key), nested);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }
}
