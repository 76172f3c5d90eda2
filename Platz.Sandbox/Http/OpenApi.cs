using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>
/// The least OpenAPI v3 that helm and kubectl are content with: one path per resource whose patch takes
/// <c>fieldValidation</c>, so that validation is left to the server.
/// </summary>
internal static class OpenApi
{
    public static JsonObject Index() => new()
    {
        ["paths"] = new JsonObject(ResourceTypes.All.Select(PathOf).Distinct().Select(path =>
            KeyValuePair.Create<string, JsonNode?>(path, new JsonObject
            {
                ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={Hash(path)}",
            }))),
    };

    public static JsonObject? Document(string path)
    {
        var types = ResourceTypes.All.Where(type => PathOf(type) == path).ToList();
        return types.Count == 0 ? null : new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Platz sandbox", ["version"] = Discovery.GitVersion },
            ["paths"] = new JsonObject(types.Select(type => KeyValuePair.Create<string, JsonNode?>(
                $"/{path}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}/{{name}}",
                Operations(type)))),
            ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
        };
    }

    /// <summary>
    /// Clients ask for this older document (as protobuf) about kinds they did not find in the newer one. It knows
    /// none, so that they go on to say themselves that there is no such kind.
    /// </summary>
    public static async Task AnswerVersion2Async(HttpContext context)
    {
        context.Response.ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
        await context.Response.Body.WriteAsync("\n\u00032.0"u8.ToArray(), context.RequestAborted);
    }

    private static JsonObject Operations(ResourceType type) => new()
    {
        ["patch"] = new JsonObject
        {
            ["parameters"] = new JsonArray(Query("fieldManager"), Query("fieldValidation"), Query("force")),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            ["x-kubernetes-action"] = "patch",
            ["x-kubernetes-group-version-kind"] = new JsonObject
            {
                ["group"] = type.Group,
                ["version"] = type.Version,
                ["kind"] = type.Kind,
            },
        },
    };

    private static JsonObject Query(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
    };

    private static string PathOf(ResourceType type) =>
        type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";

    private static string Hash(string path) =>
        Convert.ToHexString(SHA256.HashData(StoredObject.Write(Document(path)!)));
}
