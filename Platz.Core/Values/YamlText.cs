using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Platz.Core.Values;

/// <summary>
/// YAML as people type it and Helm reads it. Whatever is accepted here means to Helm what it means to us; what would
/// be dangerous or ambiguous (tags, second documents, doubled keys, bombs of aliases) is refused with its place.
/// </summary>
public static class YamlText
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>Reads a mapping; text without any value is an empty one.</summary>
    public static YamlResult ParseObject(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            return new YamlResult.Invalid(1, 1,
                $"The text is larger than {MaxBytes / 1024} KiB, the most that is accepted.");
        }

        if (FindForbiddenCharacter(text) is { } invalid)
        {
            return invalid;
        }

        try
        {
            return new YamlResult.Parsed(new YamlReader(text).Read());
        }
        catch (YamlFault fault)
        {
            return new YamlResult.Invalid(fault.Line, fault.Column, fault.Message);
        }
        catch (YamlException error)
        {
            return YamlErrors.Explain(error, text);
        }
    }

    /// <summary>
    /// Writes readable YAML that <see cref="ParseObject"/> and Helm read back as the same values. (A number outside the
    /// range of a double has no such text, and a NUL no storage: those do not come back.)
    /// </summary>
    public static string Write(JsonNode? node) => YamlWriter.Write(node);

    /// <summary>Characters that YAML cannot hold as themselves: in quotes they may stand as an escape.</summary>
    internal static bool IsForbidden(char c) =>
        c is < ' ' and not ('\t' or '\n' or '\r')
            or >= '\x7f' and <= '\x9f' and not '\x85'
            or '\uFEFF' or '\uFFFE' or '\uFFFF';

    internal static YamlResult.Invalid? FindForbiddenCharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || IsForbidden(text[i]))
            {
                return ForbiddenAt(text, i);
            }
        }

        return null;
    }

    private static YamlResult.Invalid ForbiddenAt(string text, int index)
    {
        var before = text.AsSpan(0, index);
        var code = ((int)text[index]).ToString("X4", CultureInfo.InvariantCulture);
        var message = text[index] switch
        {
            '\0' => "There is a NUL character (U+0000) here. Remove it: it cannot be stored.",
            '\uFEFF' =>
                "There is an invisible byte order mark (U+FEFF) here. Remove it, or save as UTF-8 without BOM.",
            >= '\uD800' and <= '\uDFFF' =>
                $"There is half a character (U+{code}) here: the text was cut or wrongly encoded.",
            _ =>
                $"There is an invisible control character (U+{code}) here. Remove it, or write \"\\u{code}\".",
        };
        return new YamlResult.Invalid(1 + before.Count('\n'), index - before.LastIndexOf('\n'), message);
    }
}
