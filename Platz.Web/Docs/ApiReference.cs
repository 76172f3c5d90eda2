using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Platz.Web.Docs;

/// <summary>The OpenAPI document as it is read: operations, and what goes in and comes out field by field.</summary>
internal sealed class ApiReference(JsonObject document)
{
    private const int Deepest = 3;
    private const string Components = "#/components/schemas/";

    /// <summary>In the order of the document, which is that of the paths.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select new Reader(document).Read(path.Key, operation.Key, operation.Value!.AsObject()),
    ];

    private sealed class Reader(JsonObject document)
    {
        public ApiOperation Read(string path, string method, JsonObject operation)
        {
            var (status, answer) = operation["responses"]!.AsObject().First();
            var content = answer!["content"]?.AsObject();
            return new ApiOperation(method.ToUpperInvariant(), path, (string)operation["operationId"]!)
            {
                Tag = (string?)operation["tags"]?[0] ?? "",
                Summary = (string?)operation["summary"] ?? "",
                IsAddition = operation["x-platz-addition"] is not null,
                NeedsToken = operation["security"] is not null,
                Parameters = [.. operation["parameters"]!.AsArray().Select(p => new ApiField(
                    (string)p!["name"]!, TypeOf(p["schema"]), (bool?)p["required"] is true, (string?)p["description"] ?? "")
                {
                    Place = (string)p["in"]!,
                })],
                Body = [.. Fields(operation["requestBody"]?["content"]?["application/json"]?["schema"])],
                Status = status,
                Media = content is null ? [] : [.. content.Select(c => c.Key)],
                Answer = [.. Fields(content?["application/json"]?["schema"])],
            };
        }

        private IEnumerable<ApiField> Fields(JsonNode? schema) => Fields(schema, "", []);

        /// <summary>Those of what is inside as well, each by its whole name: <c>items[].id</c>.</summary>
        private IEnumerable<ApiField> Fields(JsonNode? schema, string before, ImmutableHashSet<string> within)
        {
            if (Name(schema) is { } name)
            {
                if (within.Contains(name))
                {
                    yield break; // it holds itself
                }

                within = within.Add(name);
            }

            var inner = Inside(Resolve(schema), ref before);
            if (inner?["properties"] is not JsonObject properties || within.Count > Deepest)
            {
                yield break;
            }

            var needed = inner["required"]?.AsArray().Select(n => (string)n!).ToHashSet() ?? [];
            foreach (var (field, of) in properties)
            {
                var whole = before.Length == 0 ? field : $"{before}.{field}";
                yield return new ApiField(whole, TypeOf(of), needed.Contains(field), (string?)of?["description"] ?? "");
                foreach (var deeper in Fields(Given(of), whole, within))
                {
                    yield return deeper;
                }
            }
        }

        private JsonNode? Inside(JsonNode? schema, ref string before)
        {
            while (schema?["items"] is { } items)
            {
                (schema, before) = (Resolve(items), $"{before}[]");
            }

            return schema;
        }

        private JsonNode? Resolve(JsonNode? schema) =>
            Name(schema) is { } name ? document["components"]!["schemas"]![name] : schema;

        private static string? Name(JsonNode? schema) => (string?)schema?["$ref"] is { } reference
            && reference.StartsWith(Components, StringComparison.Ordinal) ? reference[Components.Length..] : null;

        /// <summary>Without "or null".</summary>
        private static JsonNode? Given(JsonNode? schema) =>
            schema?["anyOf"] is JsonArray { Count: 2 } given && $"{given[1]?["type"]}" is "null" ? given[0] : schema;

        private static string TypeOf(JsonNode? schema) => schema switch
        {
            null => "any JSON",
            _ when Given(schema) is { } given && given != schema => $"{TypeOf(given)}, or null",
            _ when Name(schema) is { } name => name,
            _ when schema["enum"] is JsonArray values => string.Join(" | ", values.Select(v => $"{v}")),
            _ when schema["items"] is { } items => $"list of {TypeOf(items)}",
            _ when schema["type"] is JsonArray types => string.Join(", or ", types.Select(t => Formatted($"{t}", schema))),
            _ when schema["type"] is { } type => Formatted($"{type}", schema),
            _ => "any JSON",
        };

        private static string Formatted(string type, JsonNode schema) => (type, (string?)schema["format"]) switch
        {
            ("string", { } format) => format,
            ("integer", _) => "number",
            _ => type,
        };
    }
}
