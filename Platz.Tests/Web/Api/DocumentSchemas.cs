using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Platz.Tests.Web.Api;

/// <summary>Holds JSON against the schemas of an OpenAPI document.</summary>
internal sealed class DocumentSchemas(JsonNode document)
{
    private readonly Dictionary<JsonNode, JsonSchema> _built = [];

    public JsonObject Paths => document["paths"]!.AsObject();

    public JsonNode this[string name] => document["components"]!["schemas"]![name]!;

    public void Check(string place, JsonNode schema, JsonNode? answer)
    {
        var found = Built(schema).Evaluate(
            JsonSerializer.SerializeToElement(answer),
            new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        var wrong = (found.Details ?? []).Where(d => d.Errors is { Count: > 0 })
            .Select(d => $"{place} {d.InstanceLocation}: {string.Join(' ', d.Errors!.Values)}");
        Assert.True(found.IsValid, string.Join('\n', wrong));
    }

    private JsonSchema Built(JsonNode schema)
    {
        if (_built.TryGetValue(schema, out var built))
        {
            return built;
        }

        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = document["components"]!["schemas"]!.DeepClone();
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        return _built[schema] = JsonSchema.FromText(text, new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }
}
