using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Platz.Core.Values;

/// <summary>
/// Turns the parser's events into JSON, counting as it goes: a hostile text is refused before it has cost anything.
/// Works on events because YamlStream would first build whatever it is given.
/// </summary>
internal sealed class YamlReader
{
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly YamlBudget _budget = new();
    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private readonly HashSet<AnchorName> _open = [];

    public YamlReader(string text)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    public JsonObject Read()
    {
        Next();
        if (Next() is not DocumentStart start)
        {
            return [];
        }

        if (start.Version is { Version: not { Major: 1, Minor: 1 } })
        {
            throw new YamlFault(start.Start, "Helm reads YAML 1.1 only. Remove the %YAML line.");
        }

        var first = Next();
        var root = ReadNode(first, depth: 0);
        Next();
        if (Next() is DocumentStart second)
        {
            throw new YamlFault(second.Start, "There is a second document here (after \"---\"). Only one is accepted.");
        }

        return root switch
        {
            JsonObject mapping => mapping,
            null => [],
            _ => throw new YamlFault(first.Start,
                "The text must consist of \"key: value\" lines (a mapping), not a list or a single value."),
        };
    }

    private ParsingEvent Next()
    {
        try
        {
            _parser.MoveNext();
            return _parser.Current!;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // Some unclosed brackets trip the scanner itself instead of being reported.
            throw new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, "expected ',' or ']'", error);
        }
    }

    private JsonNode? ReadNode(ParsingEvent at, int depth)
    {
        if (at is AnchorAlias alias)
        {
            return _budget.Copy(Find(alias), depth, alias.Start);
        }

        var node = (NodeEvent)at;
        RefuseTag(node);
        _budget.Charge(depth, (node as Scalar)?.Value.Length ?? 0, node.Start);
        if (node.Anchor.IsEmpty)
        {
            return ReadContent(node, depth);
        }

        _open.Add(node.Anchor);
        var content = ReadContent(node, depth);
        _open.Remove(node.Anchor);
        _anchors[node.Anchor] = content;
        return content;
    }

    private JsonNode? ReadContent(NodeEvent node, int depth) => node switch
    {
        Scalar scalar => ToNode(scalar, Resolve(scalar)),
        SequenceStart => ReadSequence(depth + 1),
        _ => ReadMapping(depth + 1),
    };

    private JsonArray ReadSequence(int depth)
    {
        var items = new JsonArray();
        for (var item = Next(); item is not SequenceEnd; item = Next())
        {
            items.Add(ReadNode(item, depth));
        }

        return items;
    }

    private JsonObject ReadMapping(int depth)
    {
        var mapping = new JsonObject();
        var lines = new Dictionary<string, long>();
        for (var at = Next(); at is not MappingEnd; at = Next())
        {
            var merges = at is Scalar { Style: ScalarStyle.Plain, Value: "<<" };
            var key = ReadKey(at, depth);
            if (!lines.TryAdd(key, at.Start.Line))
            {
                throw new YamlFault(at.Start,
                    $"The key \"{key}\" is here twice: it stands on line {lines[key]} already.");
            }

            if (merges)
            {
                Merge(mapping, Next(), depth);
            }
            else
            {
                mapping[key] = ReadNode(Next(), depth);
            }
        }

        return mapping;
    }

    private string ReadKey(ParsingEvent at, int depth)
    {
        if (at is not (Scalar or AnchorAlias))
        {
            throw new YamlFault(at.Start,
                "A list or mapping cannot be a key. Put quotes around it if it is meant as text.");
        }

        var key = at is Scalar scalar ? ReadKey(scalar, depth) : (ReadNode(at, depth) as JsonValue)?.GetValue<object>();
        return key switch
        {
            string text => text,
            bool truth => truth ? "true" : "false",
            long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            double number => YamlScalar.FloatKey(number),
            _ => throw new YamlFault(at.Start, "This cannot be a key. Put quotes around it if it is meant as text."),
        };
    }

    private object? ReadKey(Scalar scalar, int depth)
    {
        RefuseTag(scalar);
        _budget.Charge(depth, scalar.Value.Length, scalar.Start);
        var key = Resolve(scalar);
        if (scalar.Anchor.IsEmpty && key is double)
        {
            return key; // .nan may be a key, though not a value
        }

        var node = ToNode(scalar, key);
        if (!scalar.Anchor.IsEmpty)
        {
            _anchors[scalar.Anchor] = node;
        }

        return key;
    }

    /// <summary>As Helm does: a merge overwrites the keys above it and is overwritten by those below.</summary>
    private void Merge(JsonObject target, ParsingEvent source, int depth)
    {
        var node = ReadNode(source, depth);
        var sources = node is JsonArray list ? list.Reverse() : [node];
        foreach (var item in sources)
        {
            if (item is not JsonObject merged)
            {
                throw new YamlFault(source.Start, "Only a mapping, or a list of mappings, can be merged with \"<<\".");
            }

            foreach (var (key, value) in merged)
            {
                target[key] = value?.DeepClone();
            }
        }
    }

    private JsonNode? Find(AnchorAlias alias)
    {
        if (_open.Contains(alias.Value))
        {
            throw new YamlFault(alias.Start, $"*{alias.Value} contains itself.");
        }

        return _anchors.TryGetValue(alias.Value, out var node)
            ? node
            : throw new YamlFault(alias.Start, $"There is no &{alias.Value} above that *{alias.Value} could repeat.");
    }

    private static void RefuseTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty)
        {
            throw new YamlFault(node.Start,
                "Tags (words that start with !) are not accepted. Remove it, or put quotes around the value.");
        }
    }

    private static object? Resolve(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return scalar.Value;
        }

        // The scanner overlooks the colon after a word that starts with a star; to Helm that is a key.
        return scalar.Value.Contains(": ", StringComparison.Ordinal)
            ? throw new YamlFault(scalar.Start,
                "This reads as text that contains \": \". Put quotes around the key or the value.")
            : YamlScalar.Resolve(scalar.Value);
    }

    private static JsonValue? ToNode(Scalar scalar, object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        string text when text.Contains('\0', StringComparison.Ordinal) =>
            throw new YamlFault(scalar.Start, "This text contains a NUL character (\\0), which cannot be stored."),
        string text => JsonValue.Create(text),
        double number when !double.IsFinite(number) =>
            throw new YamlFault(scalar.Start,
                $"{scalar.Value} is no number that a chart can be given. Put quotes around it if it is meant as text."),
        _ => YamlScalar.AsHelmNumber(value) is long whole
            ? JsonValue.Create(whole)
            : JsonValue.Create(Convert.ToDouble(value, null)),
    };
}
