using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>One of the four ways to patch.</summary>
internal sealed class Patch
{
    private readonly string _kind;
    private readonly JsonNode _body;
    private readonly string _manager;

    private Patch(string kind, JsonNode body, string manager)
    {
        _kind = kind;
        _body = body;
        _manager = manager;
    }

    /// <summary>Server-side apply, which also creates.</summary>
    public bool IsApply => _kind == "apply";

    public static async Task<Patch> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var bytes = await RequestBody.BytesAsync(request, cancel);
        var manager = request.Query["fieldManager"].ToString();
        return RequestBody.MediaType(request) switch
        {
            "application/merge-patch+json" => new Patch("merge", RequestBody.Node(bytes), manager),
            "application/strategic-merge-patch+json" => new Patch("strategic", RequestBody.Node(bytes), manager),
            "application/json-patch+json" => new Patch("json", RequestBody.Node(bytes), manager),
            "application/apply-patch+yaml" when manager.Length == 0 => throw ApiException.BadRequest(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"),
            "application/apply-patch+yaml" => new Patch("apply", RequestBody.Yaml(bytes), manager),
            _ => throw new ApiException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []),
        };
    }

    public void ApplyTo(JsonObject target, StoredObject current)
    {
        switch (_kind, _body)
        {
            case ("merge", JsonObject merge):
                MergePatch.Apply(target, merge);
                break;
            case ("strategic", JsonObject merge):
                StrategicMerge.Apply(target, merge);
                break;
            case ("json", JsonArray operations):
                JsonPatch.Apply(target, operations);
                break;
            case ("apply", JsonObject configuration):
                ServerSideApply.Apply(target, current.Applied.GetValueOrDefault(_manager), configuration);
                break;
            default:
                throw ApiException.BadRequest("error decoding patch: a patch of this type has another shape");
        }
    }

    public JsonObject AsNew(string name)
    {
        var json = ((JsonObject)_body).Copy();
        json.Metadata["name"] = name;
        return json;
    }

    /// <summary>What every manager has applied, this apply included.</summary>
    public IReadOnlyDictionary<string, JsonObject> Remember(StoredObject? current)
    {
        var applied = new Dictionary<string, JsonObject>(current?.Applied ?? new Dictionary<string, JsonObject>());
        var configuration = ((JsonObject)_body).Copy();
        Fold(configuration);
        if (applied.GetValueOrDefault(_manager) is { } before && before.SameAs(configuration))
        {
            return current!.Applied; // nothing new, so no new version either
        }

        applied[_manager] = configuration;
        return applied;
    }

    /// <summary>stringData becomes data, as in the stored object.</summary>
    private static void Fold(JsonObject configuration)
    {
        foreach (var (key, value) in configuration.Object("stringData") ?? [])
        {
            configuration.Ensure("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }

        configuration.Remove("stringData");
    }
}
