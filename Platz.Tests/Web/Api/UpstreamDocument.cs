using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Tests.Support;
using YamlDotNet.Serialization;

namespace Platz.Tests.Web.Api;

/// <summary>The OpenAPI document of the existing product: that of @platzio/sdk 0.6.0-beta.3, Apache-2.0.</summary>
internal static class UpstreamDocument
{
    public static async Task<JsonNode> ReadAsync(CancellationToken cancel)
    {
        var file = Path.Combine(Repository.Root, "Platz.Tests", "Web", "Api", "upstream-openapi.yaml");
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<object>(await File.ReadAllTextAsync(file, cancel));
        return JsonOf(yaml)!;
    }

    /// <summary>
    /// As schemas that answers can be held against: OpenAPI 3.0 has a word of its own for null, and of forms and features
    /// the document says what no answer can be, the existing product's neither.
    /// </summary>
    public static async Task<JsonNode> ReadForAnswersAsync(CancellationToken cancel) => Mended(await ReadAsync(cancel))!;

    private static JsonNode? Mended(JsonNode? node) => node switch
    {
        JsonObject json => OrNull(new JsonObject(json
            .Where(f => f.Key is not ("nullable" or "example") && !(f.Key is "additionalProperties" && f.Value is JsonValue))
            .Select(f => KeyValuePair.Create(f.Key is "oneOf" ? "anyOf" : f.Key, Mended(f.Value)))),
            json["nullable"] is JsonValue nullable && nullable.GetValue<bool>()),
        JsonArray items => new JsonArray([.. items.Select(Mended)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject OrNull(JsonObject schema, bool isNullable) => !isNullable || schema.Count == 0
        ? schema
        : new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    private static JsonNode? JsonOf(object? yaml) => yaml switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(p => KeyValuePair.Create($"{p.Key}", JsonOf(p.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(JsonOf)]),
        bool flag => JsonValue.Create(flag),
        byte or short or int or long => JsonValue.Create(Convert.ToInt64(yaml, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create($"{yaml}"),
    };
}
