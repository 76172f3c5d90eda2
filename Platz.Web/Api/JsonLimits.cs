using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Web.Api;

/// <summary>What is valid JSON and yet cannot be kept: PostgreSQL and YAML have no such numbers and texts.</summary>
internal static class JsonLimits
{
    private const int MaxNumberLength = 1_000;

    /// <summary>Null when there is nothing to say against it.</summary>
    public static string? Problem(JsonNode node)
    {
        try
        {
            return Check(node);
        }
        catch (InvalidOperationException)
        {
            return "This contains half of a surrogate pair, which is no character.";
        }
    }

    private static string? Check(JsonNode? node) => node switch
    {
        JsonObject json => json.Select(field => CheckText(field.Key) ?? Check(field.Value)).FirstOrDefault(problem => problem is not null),
        JsonArray items => items.Select(Check).FirstOrDefault(problem => problem is not null),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => CheckText(value.GetValue<string>()), // reading is what finds a bad one
            JsonValueKind.Number => CheckNumber(value.ToJsonString()),
            _ => null,
        },
        _ => null,
    };

    private static string? CheckText(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "A NUL character cannot be stored." : null;

    private static string? CheckNumber(string number)
    {
        var value = JsonSerializer.Deserialize<double>(number);
        var isLost = value == 0 && number.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');
        return double.IsFinite(value) && !isLost && number.Length <= MaxNumberLength
            ? null
            : $"The number {(number.Length <= 20 ? number : number[..20] + "…")} is too large or too small.";
    }
}
