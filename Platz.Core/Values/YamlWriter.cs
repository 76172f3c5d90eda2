using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>Block style, two spaces, quotes only where the text would otherwise be read as something else.</summary>
internal sealed class YamlWriter
{
    private const int LongestSimpleKey = 1000; // a reader gives up looking for the colon after 1024 characters

    private readonly StringBuilder _text = new();

    public static string Write(JsonNode? node)
    {
        var writer = new YamlWriter();
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                writer.WriteMapping(mapping, indent: 0);
                break;
            case JsonArray { Count: > 0 } items:
                writer.WriteSequence(items, indent: 0);
                break;
            default:
                writer._text.Append(Inline(node)).Append('\n');
                break;
        }

        return writer._text.ToString();
    }

    private void WriteMapping(JsonObject mapping, int indent)
    {
        var first = true;
        foreach (var (key, value) in mapping)
        {
            Indent(first ? 0 : indent); // the first key continues the line of its "- "
            first = false;
            var name = Quote(key);
            _text.Append(name.Length > LongestSimpleKey ? $"? {name}\n{new string(' ', indent)}:" : $"{name}:");
            WriteValue(value, indent);
        }
    }

    private void WriteValue(JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                _text.Append('\n');
                Indent(indent + 2);
                WriteMapping(mapping, indent + 2);
                break;
            case JsonArray { Count: > 0 } items:
                _text.Append('\n');
                Indent(indent + 2);
                WriteSequence(items, indent + 2);
                break;
            default:
                _text.Append(' ');
                WriteScalar(value, indent + 2);
                break;
        }
    }

    private void WriteSequence(JsonArray items, int indent)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Indent(i == 0 ? 0 : indent);
            _text.Append("- ");
            switch (items[i])
            {
                case JsonObject { Count: > 0 } mapping:
                    WriteMapping(mapping, indent + 2);
                    break;
                case JsonArray { Count: > 0 } inner:
                    WriteSequence(inner, indent + 2);
                    break;
                default:
                    WriteScalar(items[i], indent + 2);
                    break;
            }
        }
    }

    private void WriteScalar(JsonNode? value, int indent)
    {
        if (value?.GetValueKind() is not JsonValueKind.String || !FitsBlock(value.GetValue<string>()))
        {
            _text.Append(Inline(value)).Append('\n');
            return;
        }

        var text = value.GetValue<string>();
        _text.Append(text.EndsWith('\n') ? "|\n" : "|-\n");
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            Indent(line.Length == 0 ? 0 : indent);
            _text.Append(line).Append('\n');
        }
    }

    private void Indent(int spaces) => _text.Append(' ', spaces);

    private static string Inline(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Quote(node.GetValue<string>()),
        _ => node.ToJsonString() is "-0" ? "-0.0" : node.ToJsonString(),
    };

    /// <summary>Several lines, the first with text, at most one line break at the end, none that starts blank.</summary>
    private static bool FitsBlock(string text) =>
        text.AsSpan(0, Math.Max(0, text.Length - 1)).Contains('\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text[0] is not '\n'
        && !text.Split('\n').Any(line => line is [' ' or '\t', ..])
        && !text.Any(NeedsEscape);

    private static string Quote(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"", text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                quoted.Append(text, i++, 2);
                continue;
            }

            quoted.Append(text[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                var lone when char.IsSurrogate(lone) => "\uFFFD",
                var c when NeedsEscape(c) => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
                var c => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsLetterOrDigit(text[0]) || text[0] is '_' or '/')
        && text[^1] is not (' ' or ':')
        && text.All(c =>
            char.IsLetterOrDigit(c) || " _-./+=@()~,:;#'\"!?*&%$<>|^[]{}\\".Contains(c, StringComparison.Ordinal))
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.Contains(" #", StringComparison.Ordinal)
        && !text.Contains(" *", StringComparison.Ordinal)
        && YamlScalar.Resolve(text) is string;

    private static bool NeedsEscape(char c) =>
        YamlText.IsForbidden(c) || c is '\r' or '\x85' or '\u2028' or '\u2029' || char.IsSurrogate(c);
}
