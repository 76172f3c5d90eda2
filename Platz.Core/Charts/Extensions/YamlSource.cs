using System.Globalization;
using System.Text.RegularExpressions;
using Platz.Core.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Platz.Core.Charts.Extensions;

/// <summary>
/// An extension file from the parser's events, counted as it is read. Unlike values, which Helm reads as YAML 1.1,
/// these files have always been read as YAML 1.2: an unquoted <c>yes</c> is text.
/// </summary>
internal sealed partial class YamlSource
{
    private readonly string _path;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly YamlBudget _budget = new();
    private readonly Dictionary<AnchorName, SourceNode> _anchors = [];

    private YamlSource(ChartFile file)
    {
        _path = file.Path;
        _scanner = new Scanner(new StringReader(file.Text));
        _parser = new Parser(_scanner);
    }

    public static SourceNode Read(ChartFile file)
    {
        if (YamlText.FindForbiddenCharacter(file.Text) is { } forbidden)
        {
            throw Broken(file, forbidden.Line, forbidden.Message);
        }

        try
        {
            return new YamlSource(file).ReadDocument();
        }
        catch (YamlFault fault)
        {
            throw Broken(file, fault.Line, fault.Message, fault);
        }
        catch (YamlException error)
        {
            var explained = YamlErrors.Explain(error, file.Text);
            throw Broken(file, explained.Line, explained.Message, error);
        }
    }

    private static BrokenChartException Broken(ChartFile file, int line, string reason, Exception? cause = null) =>
        new($"{file.Path}, line {line}: {reason}", cause);

    private SourceNode ReadDocument()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            return new SourceScalar(_path, 1, null);
        }

        var root = ReadNode(Next(), depth: 0);
        Next();
        return Next() is DocumentStart second
            ? throw new YamlFault(second.Start,
                "There is a second document here (after \"---\"). Only one is accepted.")
            : root;
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

    private SourceNode ReadNode(ParsingEvent at, int depth)
    {
        if (at is AnchorAlias alias)
        {
            return Repeat(alias, depth);
        }

        var node = (NodeEvent)at;
        RefuseTag(node);
        _budget.Charge(depth, (node as Scalar)?.Value.Length ?? 0, node.Start);
        SourceNode content = node switch
        {
            Scalar scalar => new SourceScalar(_path, (int)scalar.Start.Line, Resolve(scalar)),
            SequenceStart => ReadSequence(node, depth + 1),
            _ => ReadMapping(node, depth + 1),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = content;
        }

        return content;
    }

    private SourceList ReadSequence(NodeEvent start, int depth)
    {
        var items = new List<SourceNode>();
        for (var item = Next(); item is not SequenceEnd; item = Next())
        {
            items.Add(ReadNode(item, depth));
        }

        return new SourceList(_path, (int)start.Start.Line, items);
    }

    private SourceMap ReadMapping(NodeEvent start, int depth)
    {
        var entries = new OrderedDictionary<string, SourceNode>(StringComparer.Ordinal);
        for (var at = Next(); at is not MappingEnd; at = Next())
        {
            var key = ReadKey(at, depth);
            if (entries.ContainsKey(key))
            {
                throw new YamlFault(at.Start, $"The key \"{ChartPath.Shown(key)}\" is here twice.");
            }

            entries.Add(key, ReadNode(Next(), depth));
        }

        return new SourceMap(_path, (int)start.Start.Line, entries);
    }

    private string ReadKey(ParsingEvent at, int depth)
    {
        if (at is not Scalar { Anchor.IsEmpty: true } key || key is { Style: ScalarStyle.Plain, Value: "<<" })
        {
            throw new YamlFault(at.Start, "A key must be plain text: no list, no mapping, no &, * or <<.");
        }

        RefuseTag(key);
        _budget.Charge(depth, key.Value.Length, key.Start);
        RefuseUnstorable(key);
        return key.Value;
    }

    /// <summary>The same piece again, at the full price.</summary>
    private SourceNode Repeat(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            throw new YamlFault(alias.Start, $"There is no &{alias.Value} above that *{alias.Value} could repeat.");
        }

        _budget.ChargeAlias(alias.Start);
        ChargeAll(node, depth, alias.Start);
        return node;
    }

    private void ChargeAll(SourceNode node, int depth, Mark at)
    {
        _budget.Charge(depth, node is SourceScalar { Value: string text } ? text.Length : 0, at);
        foreach (var (key, value) in (node as SourceMap)?.Entries ?? new Dictionary<string, SourceNode>())
        {
            _budget.Charge(depth + 1, key.Length, at);
            ChargeAll(value, depth + 1, at);
        }

        foreach (var item in (node as SourceList)?.Items ?? [])
        {
            ChargeAll(item, depth + 1, at);
        }
    }

    private static void RefuseTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty)
        {
            throw new YamlFault(node.Start,
                "Tags (words that start with !) are not accepted. Remove it, or put quotes around the value.");
        }
    }

    private static void RefuseUnstorable(Scalar scalar)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal) || !SourceText.IsWhole(scalar.Value))
        {
            throw new YamlFault(scalar.Start, "This text contains a character that cannot be stored.");
        }
    }

    private static object? Resolve(Scalar scalar)
    {
        RefuseUnstorable(scalar);
        var text = scalar.Value;
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when Decimal.IsMatch(text) => SourceNumber.Parse(text) ?? throw NotFinite(scalar),
            _ when Infinite.IsMatch(text) => throw NotFinite(scalar),
            _ when Prefixed.IsMatch(text) => Whole(text) ?? throw NotFinite(scalar),
            _ => text,
        };
    }

    private static YamlFault NotFinite(Scalar scalar) => new(scalar.Start,
        $"{ChartPath.Shown(scalar.Value)} is no number that can be used. Put quotes around it if it is meant as text.");

    private static object? Whole(string text) => (text[1], text.Length) switch
    {
        ('x', <= 17) => long.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        ('o', <= 22) => Convert.ToInt64(text[2..], 8),
        _ => null,
    };

    // Digits that begin with a zero are a code, not a number.
    [GeneratedRegex(@"\A[-+]?(?:0|[1-9][0-9]*|[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][-+]?[0-9]+)?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Decimal { get; }

    [GeneratedRegex(@"\A(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Infinite { get; }

    [GeneratedRegex(@"\A0(?:x[0-9a-fA-F]+|o[0-7]+)\z")]
    private static partial Regex Prefixed { get; }
}
