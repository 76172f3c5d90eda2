using System.Globalization;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>RFC 6902; an operation that does not fit the document is a 422.</summary>
internal static class JsonPatch
{
    public static void Apply(JsonObject target, JsonArray patch)
    {
        foreach (var operation in patch)
        {
            Apply(target, operation.Text("op"), operation);
        }
    }

    private static void Apply(JsonObject target, string? verb, JsonNode? operation)
    {
        var path = operation.Text("path") ?? "";
        switch (verb)
        {
            case "add":
                Put(target, path, operation.At("value")?.DeepClone(), insert: true);
                break;
            case "replace":
                _ = Take(target, path, verb, remove: false);
                Put(target, path, operation.At("value")?.DeepClone(), insert: false);
                break;
            case "remove":
                _ = Take(target, path, verb, remove: true);
                break;
            case "copy" or "move":
                Put(target, path, Take(target, operation.Text("from") ?? "", verb, verb == "move")?.DeepClone(), true);
                break;
            case "test" when !Take(target, path, verb, remove: false).SameAs(operation.At("value")):
                throw Refused($"testing value {path} failed: test failed");
            case "test":
                break;
            default:
                throw Refused($"Unexpected kind: {verb}");
        }
    }

    private static void Put(JsonObject target, string path, JsonNode? value, bool insert)
    {
        var (parent, key) = Parent(target, path, "add");
        switch (parent)
        {
            case JsonObject json:
                json[key] = value;
                break;
            case JsonArray array when key == "-":
                array.Add(value);
                break;
            case JsonArray array when Index(array, key, array.Count) is { } index:
                if (insert)
                {
                    array.Insert(index, value);
                }
                else
                {
                    array[index] = value;
                }

                break;
            default:
                throw Missing("add", path);
        }
    }

    private static JsonNode? Take(JsonObject target, string path, string verb, bool remove)
    {
        var (parent, key) = Parent(target, path, verb);
        switch (parent)
        {
            case JsonObject json when json.TryGetPropertyValue(key, out var value):
                if (remove)
                {
                    json.Remove(key);
                }

                return value;
            case JsonArray array when Index(array, key, array.Count - 1) is { } index:
                var item = array[index];
                if (remove)
                {
                    array.RemoveAt(index);
                }

                return item;
            default:
                throw Missing(verb, path);
        }
    }

    private static (JsonNode? Parent, string Key) Parent(JsonObject target, string path, string verb)
    {
        var keys = path.Split('/').Skip(1).Select(Unescape).ToArray();
        if (keys.Length == 0)
        {
            throw Missing(verb, path);
        }

        JsonNode? here = target;
        foreach (var key in keys[..^1])
        {
            here = here switch
            {
                JsonObject json => json[key],
                JsonArray array when Index(array, key, array.Count - 1) is { } index => array[index],
                _ => null,
            };
        }

        return here is null ? throw Missing(verb, path) : (here, keys[^1]);
    }

    private static int? Index(JsonArray array, string key, int last) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last
            && index <= array.Count ? index : null;

    private static string Unescape(string key) =>
        key.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static ApiException Missing(string verb, string path) =>
        Refused($"{verb} operation does not apply: doc is missing path: {path}: missing value");

    private static ApiException Refused(string why) => new(422, "Invalid", $"the server rejected our request due to an "
        + $"error in our request: {why}", []);
}
