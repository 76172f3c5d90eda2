using System.Text.Json.Nodes;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Values that a schema takes, and values that it does not: in a body as JSON, in a query as text.</summary>
internal static class FieldFuzz
{
    private const string Surrogate = "\"\\ud800\"";
    private const string BadUtf8 = "\"\xff\xfe\xc0\xaf\"";

    private static readonly string[] s_odd =
        ["[]", "{}", "[[1]]", "true", "-1", "1e400", "1.5", Surrogate, BadUtf8, "\"\\u0000\""];

    private static readonly string[] s_noIds =
        ["\"\"", "\"x\"", "7", "\"0\"", "\"00000000-0000-0000-0000-00000000000\"",
            "\"00000000000000000000000000000000\"",
            "\"{00000000-0000-0000-0000-000000000000}\"", "\"00000000-0000-0000-0000-00000000000g\"", "\"\\u0660\""];

    private static readonly string[] s_noTimes =
        ["\"yesterday\"", "\"\"", "7", "\"2026-13-45T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"",
            "\"-1\"",
            "\"2026-01-01T00:00:00+99:00\""];

    private static readonly string[] s_noJson =
        ["\"text\"", "7", "true", "{\"a\":1e400}", "{\"a\":\"\\u0000\"}", "{\"a\":[{\"b\":\"\\udc00\"}]}",
            "{\"a\":1" + new string('0', 2_000) + "}", "{\"a\":\"\xff\"}", "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}",
            "{\"a\":4e-400}"];

    public static string Good(string name, JsonNode schema, KnownApi known, Dice dice) => Kind(schema) switch
    {
        "uuid" => $"\"{known.IdFor(name, dice)}\"",
        "date-time" => "\"2031-01-31T12:00:00Z\"",
        "boolean" => "true",
        "integer" => "30",
        "array" => "[]",
        "enum" => $"\"{Names(schema)[0]}\"",
        "string" => $"\"fuzz-{dice.To(1000)}\"",
        "operation" => "{\"RestartK8sResource\":{\"resource_id\":\"" + dice.Id() + "\",\"resource_name\":\"x\"}}",
        _ => "{}",
    };

    public static string Bad(JsonNode schema, Dice dice) => Kind(schema) switch
    {
        "uuid" => dice.Of([.. s_noIds, .. s_odd]),
        "date-time" => dice.Of([.. s_noTimes, .. s_odd]),
        "boolean" => dice.Of(["\"true\"", "\"yes\"", "0", "1", .. s_odd.Where(o => o != "true")]),
        "integer" => dice.Of(["\"5\"", "99999999999999999999", "1e99", .. s_odd.Where(o => o != "-1")]),
        "array" => dice.Of("{}", "7", "\"x\"", "[{\"a\":1e400}]"),
        "enum" => dice.Of(["\"Nope\"", "7", "\"\"", $"\"{Names(schema)[0].ToUpperInvariant()}\"", .. s_odd]),
        "string" => dice.Of(["7", .. s_odd]),
        "operation" => dice.Of(
            ["{}", "{\"Nope\":{}}", "{\"InvokeAction\":{}}", "{\"InvokeAction\":7}",
                "{\"InvokeAction\":{\"action_id\":7}}",
                "{\"RestartK8sResource\":null}",
                "{\"RestartK8sResource\":{\"resource_id\":\"x\",\"resource_name\":\"y\"}}",
                "{\"type\":\"Install\"}", .. s_noJson]),
        _ => dice.Of(s_noJson),
    };

    /// <summary>A value in an address, escaped; null where every text is a good one.</summary>
    public static string? BadText(JsonNode schema, Dice dice) => Kind(schema) switch
    {
        "uuid" => dice.Of("x", "7", "%00", "%ff", "'--", "00000000000000000000000000000000", "(select+1)",
        "%F0%9F%92%A9"),
        "date-time" => dice.Of("yesterday", "7e7", "2026-13-45", "%00", "%ff%fe", "99999-01-01T00:00:00Z", "now()"),
        "boolean" => dice.Of("yes", "1", "0", "tru", "%00", "null", "truefalse"),
        "integer" => dice.Of("-1", "x", "1e3", "0x10", "1.5", "%00", "-99999999999999999999", "+1", "%20", "1;drop",
        "%D9%A1"),
        "enum" or "array" => Names(schema) is [] ? dice.Of("user:x", "robot:7", "%00") : dice.Of("Nope", "%00", "7",
        "%ff"),
        _ => dice.Of("a%00b", "%00", "%00%00%00"),
    };

    private static string Kind(JsonNode schema)
    {
        if (schema["anyOf"] is JsonArray either)
        {
            return Kind(either[0]!);
        }

        var type = (schema["type"] is JsonArray types ? types[0] : schema["type"])?.GetValue<string>();
        return (schema["enum"], schema["$ref"], schema["format"]?.GetValue<string>(), type) switch
        {
            ({ }, _, _, _) => "enum",
            (_, { }, _, _) => "operation",
            (_, _, "uuid" or "date-time", _) => schema["format"]!.GetValue<string>(),
            _ => type ?? "json",
        };
    }

    private static List<string> Names(JsonNode schema) =>
        [
            .. ((schema["anyOf"]?[0] ?? schema["items"] ?? schema)["enum"]?.AsArray() ?? [])
                .Select(n => n!.GetValue<string>()),
        ];
}
