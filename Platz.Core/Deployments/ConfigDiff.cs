using System.Text;
using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>
/// What a change of config changes, in the form tasks carry it: a map from dotted path to <c>[old, new]</c>, null where
/// a key was added or removed. A dot inside a key is written <c>\.</c> and a backslash <c>\\</c>, so that the key
/// <c>a.b</c> and the key <c>b</c> under <c>a</c> stay apart. Arrays are compared as a whole, and
/// so are sealed values, which stand in the map as <c>{"$sensitive":true}</c>.
/// </summary>
public static class ConfigDiff
{
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var changes = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        Compare(before, after, prefix: "", changes);
        return new JsonObject(changes);
    }

    /// <summary>The same for display, by path. Pairs of any other shape than ours are left out.</summary>
    public static IReadOnlyList<ConfigChange> Read(JsonObject? delta) =>
        [.. (delta ?? []).Select(Change).OfType<ConfigChange>().OrderBy(change => change.Path, StringComparer.Ordinal)];

    /// <summary>A key as a path has it.</summary>
    public static string Escape(string key) =>
        key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(".", "\\.", StringComparison.Ordinal);

    /// <summary>The keys that a path is made of.</summary>
    public static IReadOnlyList<string> Keys(string path)
    {
        var keys = new List<string>();
        var key = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] is '.')
            {
                keys.Add(key.ToString());
                key.Clear();
            }
            else
            {
                key.Append(path[i] is '\\' && i + 1 < path.Length ? path[++i] : path[i]);
            }
        }

        return [.. keys, key.ToString()];
    }

    private static void Compare(
        JsonObject before, JsonObject after, string prefix, SortedDictionary<string, JsonNode?> changes)
    {
        foreach (var key in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)))
        {
            var inOld = before.TryGetPropertyValue(key, out var old);
            var inNew = after.TryGetPropertyValue(key, out var now);
            var path = prefix + Escape(key);
            if (old is JsonObject oldObject && now is JsonObject newObject
                && !SealedJson.IsSealed(old) && !SealedJson.IsSealed(now))
            {
                Compare(oldObject, newObject, path + ".", changes);
            }
            else if (inOld != inNew || !JsonNode.DeepEquals(old, now))
            {
                changes[path] = new JsonArray(SealedJson.Mask(old), SealedJson.Mask(now));
            }
        }
    }

    private static ConfigChange? Change(KeyValuePair<string, JsonNode?> entry) =>
        entry.Value is JsonArray { Count: 2 } pair
        ? new ConfigChange(entry.Key, Kind(pair[0], pair[1]), pair[0], pair[1])
        : null;

    /// <summary>Setting a value to null counts as removing it: that is what it does in Helm.</summary>
    internal static ConfigChangeKind Kind(JsonNode? old, JsonNode? now) => (old, now) switch
    {
        (null, not null) => ConfigChangeKind.Added,
        (not null, null) => ConfigChangeKind.Removed,
        _ => ConfigChangeKind.Changed,
    };
}

public enum ConfigChangeKind { Added, Removed, Changed }

public sealed record ConfigChange(string Path, ConfigChangeKind Kind, JsonNode? Old, JsonNode? New);
