using YamlDotNet.Core;

namespace Platz.Core.Values;

/// <summary>A rule of ours that the text breaks, at the place where it does.</summary>
internal sealed class YamlFault(Mark at, string message) : Exception(message)
{
    public int Line => (int)at.Line;

    public int Column => (int)at.Column;
}

/// <summary>The parser's complaints in the words of the person who typed the text.</summary>
internal static class YamlErrors
{
    private const string General =
        "This is not YAML: check the indentation, the colons and the quotes here and on the line above.";

    private static readonly (string Part, string Words)[] s_words =
    [
        ("found invalid mapping",
            "A key cannot start here. Put quotes around a value that contains \": \", or check the indentation."),
        ("did not find expected key",
            "A key was expected here. Check the indentation, and that no text follows a closing quote."),
        ("could not find expected ':'", "There is no \":\" after the key. Write \"key: value\"."),
        ("cannot start any token", "A value cannot start with this character. Put quotes around the value."),
        ("expected ',' or ']'", "A list in [ ] is not closed, or a comma is missing."),
        ("expected ',' or '}'", "A mapping in { } is not closed, or a comma is missing."),
        ("unexpected end of stream", "The quote that opens here is never closed."),
        ("unexpected document indicator", "The quote that opens here is never closed."),
        ("unknown escape character",
            "There is an unknown escape (a backslash) in this text. Use single quotes, or write \\\\ for a backslash."),
        ("hexadecimal number", "There is an incomplete \\x or \\u escape in this text."),
        ("Unicode", "An escape in this text does not name a character."),
        ("expected node content", "A value is missing here, or there is a comma or bracket too many."),
        ("anchor or alias",
            "A name must follow & or * directly. Put quotes around a value that starts with one of them."),
        ("more than one anchor", "A value can have one name (&name) only."),
        ("sequence entries are not allowed", "A list entry (\"- \") cannot start here: put it on a line of its own."),
        ("expected '-' indicator", "A list entry (\"- \") was expected here. Check the indentation."),
        ("comment or line break", "Only a line break or a comment may follow | or > here."),
        ("directive", "A line cannot start with % here. Put quotes around it."),
        ("<document start>",
            "This does not continue what stands above. Check the indentation, and that every line is \"key: value\"."),
        ("<document end>", "This does not continue what stands above. Check the indentation and the brackets."),
    ];

    public static YamlResult.Invalid Explain(YamlException error, string text)
    {
        if (error.Message.Contains("tab", StringComparison.Ordinal)
            || error.Message.Contains("any token", StringComparison.Ordinal))
        {
            if (IndentingTab(text, error.Start) is { } tab)
            {
                return tab;
            }
        }

        var words = Array.Find(s_words, w => error.Message.Contains(w.Part, StringComparison.Ordinal)).Words ?? General;
        return new YamlResult.Invalid((int)error.Start.Line, (int)error.Start.Column, words);
    }

    /// <summary>The parser reports such a tab at the very start of the text, so the line is looked for.</summary>
    private static YamlResult.Invalid? IndentingTab(string text, Mark from)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..^line.TrimStart(" \t").Length];
            if (number >= from.Line && indent.Contains('\t') && indent.Length < line.Length)
            {
                var column = indent.IndexOf('\t') + 1;
                return new YamlResult.Invalid(number, column,
                    "This line is indented with a tab. YAML allows only spaces there.");
            }
        }

        return null;
    }
}
