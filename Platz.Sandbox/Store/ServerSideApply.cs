using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>
/// Server-side apply without conflicts: what a manager applied last time and leaves out now goes, the rest is merged.
/// </summary>
internal static class ServerSideApply
{
    public static void Apply(JsonObject target, JsonObject? appliedBefore, JsonObject configuration)
    {
        if (appliedBefore is not null)
        {
            Forget(target, appliedBefore, configuration);
        }

        StrategicMerge.Apply(target, configuration);
    }

    private static void Forget(JsonObject target, JsonObject before, JsonObject now)
    {
        foreach (var (key, old) in before)
        {
            switch (old, now[key], target[key])
            {
                case (_, _, null):
                    break;
                case (_, null, _) when !now.ContainsKey(key):
                    target.Remove(key);
                    break;
                case (JsonObject was, JsonObject wanted, JsonObject present):
                    Forget(present, was, wanted);
                    break;
                case (JsonArray was, JsonArray wanted, JsonArray present) when StrategicMerge.MergesByKey(key, was):
                    ForgetItems(key, present, was, wanted);
                    break;
                default:
                    break;
            }
        }
    }

    private static void ForgetItems(string field, JsonArray present, JsonArray before, JsonArray now)
    {
        foreach (var was in before.OfType<JsonObject>())
        {
            var here = StrategicMerge.Counterpart(field, present, was);
            var wanted = StrategicMerge.Counterpart(field, now, was);
            if (here is not null && wanted is null)
            {
                present.Remove(here);
            }
            else if (here is not null && wanted is not null)
            {
                Forget(here, was, wanted);
            }
        }
    }
}
