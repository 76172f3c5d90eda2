using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Web.Activity.Export;

/// <summary>Lines of RFC 4180, which no spreadsheet takes for formulas.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(",\"\r\n;\t");

    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static void Append(StringBuilder text, IEnumerable<object?> fields)
    {
        text.AppendJoin(',', fields.Select(Field)).Append("\r\n");
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        string text => Quoted(Harmless(text)),
        DateTimeOffset time => time.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture),
        JsonNode json => Quoted(json.ToJsonString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A spreadsheet computes what begins like this, and shows what follows an apostrophe (OWASP).</summary>
    private static string Harmless(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠'
            ? $"'{text}"
            : text;

    private static string Quoted(string text) =>
        !text.AsSpan().ContainsAny(s_special) && !text.StartsWith('\'') && !text.StartsWith(' ')
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
