using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Platz.Web.Api.V2;

namespace Platz.Web.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document of the routes there are, from what stands beside them.</summary>
internal sealed class ApiDocument(EndpointDataSource endpoints)
{
    private const string Json = "application/json";

    private readonly Lazy<JsonObject> _document = new(() => Build(endpoints));

    /// <summary>Built once; nobody changes it.</summary>
    public JsonObject Document => _document.Value;

    private static JsonObject Build(EndpointDataSource endpoints)
    {
        var schemas = new Schemas();
        var paths = new JsonObject();
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
            .OrderBy(PathOf, StringComparer.Ordinal).ThenBy(MethodOf, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<OperationDoc>() is { } doc)
            {
                var path = PathOf(endpoint);
                paths[path] ??= new JsonObject();
                paths[path]![MethodOf(endpoint)] = Operation(endpoint, doc, schemas);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Platz", ["version"] = ServerApi.Version },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Components,
                ["securitySchemes"] = new JsonObject
                {
                    ["access_token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["user_token"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-platz-token" },
                },
            },
        };
    }

    /// <summary>Without what the router asks of a parameter: <c>{id:guid}</c> is <c>{id}</c>.</summary>
    private static string PathOf(RouteEndpoint endpoint) => string.Join(
        '/', (endpoint.RoutePattern.RawText ?? "").Split('/').Select(
            part => part is ['{', .., '}'] && part.IndexOf(':') is > 0 and var colon ? $"{part[..colon]}}}" : part));

    private static string MethodOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0].ToLowerInvariant() ?? "get";

    private static JsonObject Operation(RouteEndpoint endpoint, OperationDoc doc, Schemas schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = doc.Id,
            ["tags"] = new JsonArray(doc.Tag),
            ["summary"] = doc.Summary,
            ["parameters"] = new JsonArray(
            [
                .. endpoint.RoutePattern.Parameters.Select(p => Parameter("path", Field.Id(p.Name).Needed)),
                .. doc.Query.Select(field => Parameter("query", field)),
            ]),
        };
        if (doc.Body is { } fields)
        {
            operation["requestBody"] = Body(fields);
        }

        operation["responses"] = new JsonObject
        {
            [$"{doc.Status}"] = Answer(doc, schemas),
            ["default"] = Content("What went wrong.", "application/problem+json", Shape.Ref("Problem")),
        };
        if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is null)
        {
            operation["security"] = new JsonArray(
                new JsonObject { ["access_token"] = new JsonArray() },
                new JsonObject { ["user_token"] = new JsonArray() });
        }

        if (doc.IsAddition)
        {
            operation["x-platz-addition"] = true;
        }

        return operation;
    }

    private static JsonObject Parameter(string place, FieldDoc field)
    {
        var parameter = new JsonObject
        {
            ["name"] = field.Name,
            ["in"] = place,
            ["required"] = field.IsNeeded,
            ["schema"] = field.Schema.DeepClone(),
        };
        if (field.Text.Length > 0)
        {
            parameter["description"] = field.Text;
        }

        return parameter;
    }

    /// <summary>A field that may be left out may be null as well.</summary>
    private static JsonObject Body(IReadOnlyList<FieldDoc> fields)
    {
        var schema = Shape.Of(
            fields.Select(f => (f.Name, Described(f))), fields.Where(f => f.IsNeeded).Select(f => f.Name));
        return new JsonObject
        {
            ["required"] = fields.Any(f => f.IsNeeded),
            ["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = schema } },
        };

        static JsonObject Described(FieldDoc field)
        {
            var own = field.Schema.DeepClone().AsObject();
            var given = field.IsNeeded ? own : Shape.OrNull(own);
            if (field.Text.Length > 0)
            {
                given["description"] = field.Text;
            }

            return given;
        }
    }

    private static JsonObject Answer(OperationDoc doc, Schemas schemas)
    {
        var words = ReasonPhrases.GetReasonPhrase(doc.Status);
        if (doc.Media.Count > 0)
        {
            return new JsonObject
            {
                ["description"] = words,
                ["content"] = new JsonObject(doc.Media.Select(media => KeyValuePair.Create<string, JsonNode?>(
                    media, new JsonObject { ["schema"] = Shape.Text() }))),
            };
        }

        return doc.Answer is not { } type
            ? new JsonObject { ["description"] = words }
            : Content(words, Json, doc.IsList ? Page(schemas.Of(type)) : schemas.Of(type));
    }

    private static JsonObject Page(JsonObject item) => Shape.Of(
        ("page", Shape.Number()), ("per_page", Shape.Number()), ("items", Shape.List(item)),
        ("num_total", Shape.Number()));

    private static JsonObject Content(string words, string media, JsonObject schema) => new()
    {
        ["description"] = words,
        ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } },
    };
}
