using System.Text.Json.Nodes;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>The operations that a served OpenAPI document describes, and rows that are there to be asked for.</summary>
/// <param name="ids">By the path of their collection.</param>
internal sealed class KnownApi(JsonNode document, IReadOnlyDictionary<string, string> ids)
{
    private static readonly Dictionary<string, string> s_collections = new()
    {
        ["env_id"] = "envs",
        ["kind_id"] = "deployment-kinds",
        ["cluster_id"] = "k8s-clusters",
        ["helm_chart_id"] = "helm-charts",
        ["bot_id"] = "bots",
        ["user_id"] = "users",
        ["deployment_id"] = "deployments",
        ["type_id"] = "deployment-resource-types",
    };

    public IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in document["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           where method.Value!["responses"]!["501"] is null // whatever is asked
           select new ApiOperation(
               method.Key.ToUpperInvariant(), path.Key,
               [.. path.Value!.AsObject().Select(m => m.Key.ToUpperInvariant())], method.Value!.AsObject()),
    ];

    /// <summary>Of a row that is there, or of none.</summary>
    public string IdIn(string path, Dice dice)
    {
        var collection = path[..path.IndexOf("/{", StringComparison.Ordinal)];
        return dice.Falls(2) && ids.TryGetValue(collection, out var id) ? id : $"{dice.Id()}";
    }

    public string IdFor(string field, Dice dice) =>
        s_collections.TryGetValue(field, out var collection) && ids.TryGetValue($"/api/v2/{collection}", out var id)
            ? id
            : $"{dice.Id()}";
}

/// <param name="Methods">All that the path knows.</param>
internal sealed record ApiOperation(string Method, string Path, IReadOnlyList<string> Methods, JsonObject Doc)
{
    public string Id => Doc["operationId"]!.GetValue<string>();

    public IReadOnlyList<JsonNode> Query { get; } =
        [.. Doc["parameters"]!.AsArray().Where(p => p!["in"]!.GetValue<string>() == "query").Select(p => p!)];

    /// <summary>Schemas of the fields of its body; null where it takes none.</summary>
    public JsonObject? Fields { get; } =
        Doc["requestBody"]?["content"]!["application/json"]!["schema"]!["properties"]!.AsObject();

    public IReadOnlyList<string> Needed { get; } =
        Doc["requestBody"]?["content"]!["application/json"]!["schema"]!["required"]?.AsArray()
            .Select(n => n!.GetValue<string>()).ToList() ?? [];

    public bool HasId => Path.Contains('{', StringComparison.Ordinal);
}
