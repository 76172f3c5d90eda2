using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>Strategic merge: like a merge patch, but lists with a merge key merge item by item.</summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string DeletePrimitives = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";
    private const string Retain = "$retainKeys";

    /// <summary>The merge key of a list by the name of its field; a list not named here is replaced whole.</summary>
    private static readonly Dictionary<string, string[]> s_mergeKeys = new()
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["ephemeralContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["secrets"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["ports"] = ["containerPort", "port"],
        ["conditions"] = ["type"],
        ["hostAliases"] = ["ip"],
        ["ownerReferences"] = ["uid"],
        ["topologySpreadConstraints"] = ["topologyKey"],
        ["taints"] = ["key"],
    };

    public static void Apply(JsonObject target, JsonObject patch)
    {
        if (patch.Text(Directive) == "replace")
        {
            target.Clear();
        }

        RetainKeys(target, patch);
        foreach (var (key, value) in patch)
        {
            if (key.StartsWith(DeletePrimitives, StringComparison.Ordinal))
            {
                DeleteFrom(target[key[DeletePrimitives.Length..]] as JsonArray, value as JsonArray);
            }
            else if (key[0] != '$')
            {
                ApplyField(target, key, value);
            }
        }
    }

    /// <summary>Finds the item of a list that stands for the same thing.</summary>
    public static JsonObject? Counterpart(string field, JsonArray list, JsonObject item)
    {
        if (MergeKey(field, item) is not { } key)
        {
            return null;
        }

        return list.OfType<JsonObject>().FirstOrDefault(candidate => candidate[key].SameAs(item[key]));
    }

    public static bool MergesByKey(string field, JsonArray list) =>
        list.Count > 0 && list.All(item => item is JsonObject json && MergeKey(field, json) is not null);

    private static void ApplyField(JsonObject target, string key, JsonNode? value)
    {
        switch (value)
        {
            case null:
                target.Remove(key);
                break;
            case JsonObject nested when nested.Text(Directive) == "delete":
                target.Remove(key);
                break;
            case JsonObject nested:
                Apply(target.Ensure(key), nested);
                break;
            case JsonArray list when target[key] is JsonArray existing && MergesByKey(key, list):
                MergeList(key, existing, list);
                break;
            case JsonArray list when key == "finalizers" && target[key] is JsonArray existing:
                foreach (var item in list.Where(item => !existing.Any(item.SameAs)).ToList())
                {
                    existing.Add(item!.DeepClone());
                }

                break;
            default:
                target[key] = Clean(value.DeepClone());
                break;
        }
    }

    private static void MergeList(string field, JsonArray existing, JsonArray patch)
    {
        if (patch.Any(item => item.Text(Directive) == "replace"))
        {
            existing.Clear();
        }

        foreach (var item in patch.OfType<JsonObject>().Where(item => item.Text(Directive) != "replace"))
        {
            var counterpart = Counterpart(field, existing, item);
            switch (item.Text(Directive), counterpart)
            {
                case ("delete", not null):
                    existing.Remove(counterpart);
                    break;
                case ("delete", null):
                    break;
                case (_, not null):
                    Apply(counterpart, item);
                    break;
                default:
                    existing.Add(Clean(item.DeepClone()));
                    break;
            }
        }
    }

    private static string? MergeKey(string field, JsonObject item) =>
        item.ContainsKey(Directive) && item.Text(Directive) == "replace"
            ? Directive
            : s_mergeKeys.GetValueOrDefault(field)?.FirstOrDefault(item.ContainsKey);

    private static void RetainKeys(JsonObject target, JsonObject patch)
    {
        if (patch[Retain] is not JsonArray retained)
        {
            return;
        }

        var keep = retained.Select(key => key.Text()).ToHashSet();
        foreach (var key in target.Select(pair => pair.Key).Where(key => !keep.Contains(key)).ToList())
        {
            target.Remove(key);
        }
    }

    private static void DeleteFrom(JsonArray? list, JsonArray? values)
    {
        foreach (var item in list?.Where(item => values?.Any(item.SameAs) ?? false).ToList() ?? [])
        {
            list!.Remove(item);
        }
    }

    private static JsonNode Clean(JsonNode node)
    {
        foreach (var child in (node as JsonObject)?.ToList() ?? [])
        {
            if (child.Key is Directive or Retain || child.Key.StartsWith(Order, StringComparison.Ordinal)
                || child.Value is null)
            {
                ((JsonObject)node).Remove(child.Key);
            }
            else
            {
                Clean(child.Value);
            }
        }

        return node;
    }
}
