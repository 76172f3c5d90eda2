using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Tasks;

namespace Platz.Core.Audit;

/// <summary>
/// Makes what comes from outside fit to be kept for ever: no secret, no control character, nothing endless. A name may
/// hold a line feed, and a message a token.
/// </summary>
internal static class AuditText
{
    private const int Longest = 1_000;

    // Of the values of secrets nothing is known here; what looks like one is masked whatever it is.
    private static readonly Redactor s_redactor = new([]);

    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in s_redactor.Redact(text).EnumerateRunes()) // a half of a pair becomes U+FFFD
        {
            if (clean.Length + rune.Utf16SequenceLength > Longest)
            {
                break;
            }

            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString();
    }

    /// <exception cref="ArgumentException">There is a number that is no integer.</exception>
    public static JsonObject Clean(JsonObject map) =>
        new(map.Select(p => KeyValuePair.Create(Clean(p.Key), Clean(p.Value))));

    private static JsonNode? Clean(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => Clean(map),
        JsonArray list => new JsonArray([.. list.Select(Clean)]),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => Clean(node.GetValue<string>()),
            JsonValueKind.Number => Integer(node.ToJsonString()),
            _ => node.DeepClone(),
        },
    };

    private static long Integer(string number) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : throw new ArgumentException($"An event holds no number but integers, and {number} is none.");
}
