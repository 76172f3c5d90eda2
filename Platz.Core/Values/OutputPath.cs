using System.Globalization;
using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>
/// Writes values where a chart wants them. A path has keys, and for lists <c>[N]</c>, <c>[+]</c> (append) and
/// <c>[=]</c> (the last, made if there is none). What is missing on the way is made, gaps in lists are null; what is
/// there in another form is never overwritten on the way, since what was written there before would be lost.
/// </summary>
public static class OutputPath
{
    public const int MaxItems = 1024;

    public static void Write(JsonObject target, IReadOnlyList<string> path, JsonNode? value)
    {
        if (path.Count == 0)
        {
            throw new ValuesException("The chart has an output with an empty path.");
        }

        JsonNode container = target;
        for (var i = 0; i < path.Count - 1; i++)
        {
            var slot = Slot(container, path, i);
            container = Read(container, slot) ?? Make(container, slot, path[i + 1]);
        }

        Fill(container, Slot(container, path, path.Count - 1), value?.DeepClone());
    }

    /// <summary>A path in messages: <c>a.[+].k1</c>.</summary>
    internal static string Print(IEnumerable<string> path) => string.Join('.', path);

    /// <summary>The key (string) or index (int) in the container that the segment means.</summary>
    private static object Slot(JsonNode container, IReadOnlyList<string> path, int at) => (container, path[at]) switch
    {
        (JsonObject, var key) when !IsItem(key) => key,
        (JsonObject, var item) when at == 0 =>
            throw new ValuesException($"The chart's output {Print(path)} must begin with a key, not with {item}."),
        (JsonArray items, "[+]") => Index(items.Count, path),
        (JsonArray items, "[=]") => Math.Max(0, items.Count - 1),
        (JsonArray, ['[', .. var digits, ']']) => Index(
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : MaxItems, path),
        _ => throw new ValuesException(
            $"The chart's output {Print(path)} cannot be written: {Print(path.Take(at))} is "
            + $"{Describe(container)}, so that it can have no {path[at]}."),
    };

    private static int Index(int index, IReadOnlyList<string> path) => index < MaxItems
        ? index
        : throw new ValuesException(
            $"The chart's output {Print(path)} would make a list of more than {MaxItems} items.");

    private static JsonNode? Read(JsonNode container, object slot) => slot switch
    {
        string key => container[key],
        int index => index < container.AsArray().Count ? container[index] : null,
        _ => null,
    };

    private static JsonNode Make(JsonNode container, object slot, string next)
    {
        JsonNode made = IsItem(next) ? new JsonArray() : new JsonObject();
        Fill(container, slot, made);
        return made;
    }

    private static void Fill(JsonNode container, object slot, JsonNode? value)
    {
        if (slot is string key)
        {
            container[key] = value;
            return;
        }

        var items = container.AsArray();
        while (items.Count <= (int)slot)
        {
            items.Add((JsonNode?)null);
        }

        items[(int)slot] = value;
    }

    private static bool IsItem(string segment) => segment is "[+]" or "[=]"
        || segment is ['[', .. { Length: > 0 } digits, ']'] && digits.All(char.IsAsciiDigit);

    private static string Describe(JsonNode container) => container switch
    {
        JsonObject => "a mapping",
        JsonArray => "a list",
        _ => "a single value",
    };
}
