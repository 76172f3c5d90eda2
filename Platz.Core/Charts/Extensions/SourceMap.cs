using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>Keys and values, asked for by key: what is not there or of another type is said with its line.</summary>
internal sealed class SourceMap(string path, int line, OrderedDictionary<string, SourceNode> entries)
    : SourceNode(path, line)
{
    public IReadOnlyDictionary<string, SourceNode> Entries => entries;

    public override string Kind => "a mapping";

    public override int Depth { get; } = 1 + entries.Values.Select(value => value.Depth).DefaultIfEmpty().Max();

    public override JsonNode ToJson() =>
        new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToJson())));

    public bool Has(string key) => entries.ContainsKey(key);

    /// <summary>Null where the key is missing or has no value.</summary>
    public SourceNode? Find(string key) => entries.TryGetValue(key, out var node) && !node.IsNull ? node : null;

    public SourceNode Need(string key) =>
        Find(key) ?? throw (entries.GetValueOrDefault(key) ?? this).Broken($"\"{key}\" is missing.");

    public string NeedText(string key) => Need(key).AsText($"\"{key}\"");

    /// <summary>An id or a name: text that is not empty.</summary>
    public string NeedName(string key)
    {
        var node = Need(key);
        return node.AsText($"\"{key}\"") is { Length: > 0 } text ? text : throw node.Broken($"\"{key}\" is empty.");
    }

    public string? FindText(string key) => Find(key)?.AsText($"\"{key}\"");

    public bool FindFlag(string key, bool otherwise = false) => Find(key)?.AsFlag($"\"{key}\"") ?? otherwise;

    public decimal? FindNumber(string key) => Find(key)?.AsNumber($"\"{key}\"");

    public SourceMap NeedMap(string key) => Need(key).AsMap($"\"{key}\"");

    public SourceMap? FindMap(string key) => Find(key)?.AsMap($"\"{key}\"");

    public IReadOnlyList<SourceNode> NeedList(string key) => Need(key).AsList($"\"{key}\"");

    public IReadOnlyList<SourceNode> FindList(string key) => Find(key)?.AsList($"\"{key}\"") ?? [];

    public IReadOnlyList<SourceMap> FindMaps(string key) => Maps(FindList(key), key);

    public IReadOnlyList<SourceMap> NeedMaps(string key) => Maps(NeedList(key), key);

    public IReadOnlyList<string> FindTexts(string key) =>
        [.. FindList(key).Select(item => item.AsText($"Each item of \"{key}\""))];

    /// <summary>A value that may be null, but must be there.</summary>
    public JsonNode? NeedValue(string key) =>
        entries.TryGetValue(key, out var node) ? node.AsValue($"\"{key}\"") : throw Broken($"\"{key}\" is missing.");

    public T NeedChoice<T>(string key) where T : struct, Enum => Choice<T>(Need(key), key);

    public T? FindChoice<T>(string key) where T : struct, Enum =>
        Find(key) is { } node ? Choice<T>(node, key) : null;

    /// <summary>Where the format takes these keys and no others.</summary>
    public void RefuseOthers(params ReadOnlySpan<string> known)
    {
        foreach (var (key, node) in entries)
        {
            if (!known.Contains(key))
            {
                throw node.Broken($"\"{ChartPath.Shown(key)}\" is not known here. Known are {Words(known)}.");
            }
        }
    }

    /// <summary>The version, which says how all the rest is to be read.</summary>
    public string NeedHeader(string kind, params ReadOnlySpan<string> versions)
    {
        var version = NeedText("apiVersion");
        if (!versions.Contains(version))
        {
            throw Need("apiVersion").Broken(
                $"apiVersion \"{ChartPath.Shown(version)}\" is not known. Known are {Words(versions)}.");
        }

        return NeedText("kind") == kind
            ? version
            : throw Need("kind").Broken($"kind \"{ChartPath.Shown(NeedText("kind"))}\" must be {kind} here.");
    }

    private static IReadOnlyList<SourceMap> Maps(IReadOnlyList<SourceNode> items, string key) =>
        [.. items.Select(item => item.AsMap($"Each item of \"{key}\""))];

    private static T Choice<T>(SourceNode node, string key) where T : struct, Enum
    {
        var text = node.AsText($"\"{key}\"");
        return Enum.GetNames<T>().Contains(text, StringComparer.Ordinal)
            ? Enum.Parse<T>(text)
            : throw node.Broken(
                $"\"{key}\" must be one of {string.Join(", ", Enum.GetNames<T>())}, not \"{ChartPath.Shown(text)}\".");
    }

    private static string Words(ReadOnlySpan<string> words) => string.Join(", ", words.ToArray());
}
