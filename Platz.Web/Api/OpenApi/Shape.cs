using System.Text.Json.Nodes;

namespace Platz.Web.Api.OpenApi;

/// <summary>JSON schemas, each time a new one: a node stands in one document only.</summary>
internal static class Shape
{
    public static JsonObject Text() => new() { ["type"] = "string" };

    public static JsonObject Id() => new() { ["type"] = "string", ["format"] = "uuid" };

    public static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    public static JsonObject Flag() => new() { ["type"] = "boolean" };

    public static JsonObject Number() => new() { ["type"] = "integer", ["format"] = "int64" };

    public static JsonObject OneOf(IEnumerable<string> values) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(v => (JsonNode)v)]) };

    public static JsonObject OneOf<T>() where T : struct, Enum => OneOf(Enum.GetNames<T>());

    public static JsonObject List(JsonNode of) => new() { ["type"] = "array", ["items"] = of };

    public static JsonObject Ref(string component) => new() { ["$ref"] = $"#/components/schemas/{component}" };

    public static JsonObject Json() => [];

    /// <summary>The same, or null.</summary>
    public static JsonObject OrNull(JsonObject schema) => (schema.Count, schema["type"]) switch
    {
        (0, _) => schema, // anything, null included
        (_, JsonValue type) when !schema.ContainsKey("enum") => With(schema, "type", new JsonArray(type.DeepClone(), "null")),
        _ => new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) },
    };

    public static JsonObject Of(params (string Name, JsonObject Schema)[] fields) =>
        Of(fields, fields.Select(f => f.Name));

    public static JsonObject Of(IEnumerable<(string Name, JsonObject Schema)> fields, IEnumerable<string> needed)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name, f.Schema))),
        };
        var names = new JsonArray([.. needed.Select(n => (JsonNode)n)]);
        return names.Count == 0 ? schema : With(schema, "required", names);
    }

    private static JsonObject With(JsonObject schema, string key, JsonNode value)
    {
        schema[key] = value;
        return schema;
    }
}
