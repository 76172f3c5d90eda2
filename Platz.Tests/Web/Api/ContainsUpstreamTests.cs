using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>
/// Our OpenAPI document says all that the existing product's says, so that its clients find here what they know.
/// </summary>
public sealed class ContainsUpstreamTests(PostgresServer postgres) : WebTest(postgres)
{
    /// <summary>What charts say of themselves is passed on as it was read.</summary>
    private static readonly string[] s_passedOn = ["values_ui", "actions_schema", "features", "resource_types", "spec"];

    private readonly List<string> _missing = [];
    private JsonNode _theirs = null!;
    private JsonNode _ours = null!;

    [Fact]
    public async Task What_clients_of_the_existing_product_know_is_there()
    {
        _theirs = await UpstreamDocument.ReadAsync(Cancel);
        _ours = await GetAsync("/openapi/v2.json");
        foreach (var (path, methods) in _theirs["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (_ours["paths"]![path]?[method] is { } ours)
                {
                    Compare($"{method} {path}", operation!, ours);
                }
                else
                {
                    _missing.Add($"{method} {path}");
                }
            }
        }

        Assert.True(_missing.Count == 0, string.Join('\n', _missing));
    }

    [Fact]
    public async Task What_they_do_not_know_is_marked_and_nothing_else()
    {
        _theirs = await UpstreamDocument.ReadAsync(Cancel);
        _ours = await GetAsync("/openapi/v2.json");

        var added = Operations(_ours).Where(o => _theirs["paths"]![o.Path]?[o.Method] is null);
        var marked = Operations(_ours).Where(o => o.Operation["x-platz-addition"]?.GetValue<bool>() is true);

        Assert.NotEmpty(added);
        Assert.Equal(added.Select(o => $"{o.Method} {o.Path}"), marked.Select(o => $"{o.Method} {o.Path}"));

        static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonNode document) =>
            document["paths"]!.AsObject().SelectMany(
                path => path.Value!.AsObject().Select(method => (path.Key, method.Key, method.Value!)));
    }

    private void Compare(string place, JsonNode theirs, JsonNode ours)
    {
        Check($"{place}: operationId", Text(theirs, "operationId") == Text(ours, "operationId"));
        Check($"{place}: tag", Text(ours, "operationId").Length > 0 && JsonNode.DeepEquals(theirs["tags"], ours["tags"]));
        if (place.Contains("/auth/google", StringComparison.Ordinal))
        {
            return; // answered with a problem, always
        }

        foreach (var wanted in theirs["parameters"]?.AsArray() ?? [])
        {
            var found = ours["parameters"]!.AsArray().FirstOrDefault(p =>
                Text(p!, "name") == Text(wanted!, "name") && Text(p!, "in") == Text(wanted!, "in"));
            Check($"{place}: parameter {Text(wanted!, "name")}", found is not null);
            if (found is not null)
            {
                Accepts($"{place}: parameter {Text(wanted!, "name")}", wanted!["schema"]!, found["schema"]!, isQuery: true);
            }
        }

        if (theirs["requestBody"] is { } body)
        {
            Accepts($"{place}: body", Schema(body)!, ours["requestBody"] is { } own ? Schema(own)! : new JsonObject());
        }

        foreach (var (status, answer) in theirs["responses"]!.AsObject())
        {
            Check($"{place}: answer {status}", ours["responses"]![status] is not null);
            if (Schema(answer!) is { } schema && ours["responses"]![status] is { } found)
            {
                Gives($"{place}: answer", schema, Schema(found));
            }
        }
    }

    private static JsonNode? Schema(JsonNode holder) => holder["content"]?["application/json"]?["schema"];

    /// <summary>Whatever they may send, we take.</summary>
    private void Accepts(string place, JsonNode theirs, JsonNode ours, bool isQuery = false)
    {
        var (their, our) = (Plain(_theirs, theirs), Plain(_ours, ours));
        var types = Types(their);
        Check($"{place}: types {string.Join('|', types)}", types.All(t => (isQuery && t is "null") || Types(our).Contains(t) || Types(our).Count == 0));
        foreach (var needed in our["required"]?.AsArray() ?? [])
        {
            Check($"{place}: we need {needed}", Has(their["required"], needed!));
        }

        foreach (var (name, schema) in their["properties"]?.AsObject() ?? [])
        {
            Check($"{place}.{name}", our["properties"]?[name] is not null);
            if (our["properties"]?[name] is { } own && Plain(_theirs, schema!)["oneOf"] is null)
            {
                Accepts($"{place}.{name}", schema!, own);
            }
        }
    }

    /// <summary>Whatever we answer, they expect.</summary>
    private void Gives(string place, JsonNode theirs, JsonNode? ours)
    {
        Check($"{place}: a schema", ours is not null);
        if (ours is null)
        {
            return;
        }

        var (their, our) = (Plain(_theirs, theirs), Plain(_ours, ours));
        var expected = Types(their);
        Check($"{place}: types {string.Join('|', Types(our))} of {string.Join('|', expected)}",
            expected.Count == 0 || (Types(our).Count > 0 && Types(our).All(expected.Contains)));
        Check($"{place}: format", their["format"] is not { } format || JsonNode.DeepEquals(format, our["format"]));
        Check($"{place}: values", their["enum"] is not JsonArray values
            || (our["enum"] is JsonArray own && own.Where(v => v is not null).All(v => Has(values, v!))));
        foreach (var (name, schema) in (their["properties"]?.AsObject() ?? []).Where(p => !s_passedOn.Contains(p.Key)))
        {
            Check($"{place}.{name} is always there", !Has(their["required"], name) || Has(our["required"], name));
            Gives($"{place}.{name}", schema!, our["properties"]?[name]);
        }

        if (their["items"] is { } item)
        {
            Gives($"{place}[]", item, our["items"]);
        }

        foreach (var branch in their["oneOf"]?.AsArray() ?? [])
        {
            var key = branch!["required"]![0]!.GetValue<string>();
            var same = our["oneOf"]?.AsArray().FirstOrDefault(b => Has(Plain(_ours, b!)["required"], key));
            Gives($"{place}/{key}", branch, same);
        }
    }

    /// <summary>Without references, and with null as one of the types.</summary>
    private static JsonObject Plain(JsonNode document, JsonNode schema)
    {
        var isNullable = false;
        while (true)
        {
            isNullable |= schema["nullable"]?.GetValue<bool>() is true;
            if (schema["$ref"] is { } reference)
            {
                schema = document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!;
            }
            else if (schema["allOf"] is JsonArray { Count: 1 } all)
            {
                schema = all[0]!;
            }
            else if (schema["anyOf"] is JsonArray { Count: 2 } any && any[1]!["type"]?.ToString() is "null")
            {
                (schema, isNullable) = (any[0]!, true);
            }
            else
            {
                break;
            }
        }

        var plain = schema.DeepClone().AsObject();
        if (isNullable && Types(plain) is { Count: > 0 } types)
        {
            plain["type"] = new JsonArray([.. types.Append("null").Distinct().Select(t => (JsonNode)t)]);
        }

        return plain;
    }

    private static List<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => [.. types.Select(t => t!.GetValue<string>())],
        { } type => [type.GetValue<string>()],
        _ => [],
    };

    private static bool Has(JsonNode? list, JsonNode value) =>
        list is JsonArray items && items.Any(item => item!.ToString() == value.ToString());

    private void Check(string place, bool holds)
    {
        if (!holds)
        {
            _missing.Add(place);
        }
    }
}
