using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platz.Sandbox.Http;

/// <summary>Reads bodies: JSON, YAML, and the few protobuf messages that helm and kubectl insist on.</summary>
internal static class RequestBody
{
    private const string Accepted = "the body of the request was in an unknown format - accepted media types include: "
        + "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private static readonly string[] s_endings = ["reached end of data", "Expected depth to be zero"];

    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim();

    public static async Task<byte[]> BytesAsync(HttpRequest request, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancel);
        return buffer.ToArray();
    }

    public static async Task<JsonObject> ObjectAsync(HttpRequest request, ResourceType type, CancellationToken cancel)
    {
        var bytes = await BytesAsync(request, cancel);
        var json = MediaType(request) switch
        {
            "" or "application/json" => Json(bytes, type.Kind),
            "application/yaml" => Yaml(bytes),
            "application/vnd.kubernetes.protobuf" => Protobuf.Decode(bytes),
            _ => throw new ApiException(415, "UnsupportedMediaType", Accepted),
        };
        CheckShape(json, type);
        return json;
    }

    /// <summary>The options of a delete; helm and kubectl send some as protobuf, which says nothing we need.</summary>
    public static async Task<JsonObject> OptionsAsync(HttpRequest request, CancellationToken cancel)
    {
        var bytes = await BytesAsync(request, cancel);
        return bytes.Length == 0 || MediaType(request) == "application/vnd.kubernetes.protobuf"
            ? []
            : Json(bytes, "DeleteOptions");
    }

    public static JsonNode Node(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) ?? new JsonObject();
        }
        catch (JsonException refused)
        {
            throw ApiException.BadRequest($"error decoding patch: {refused.Message}");
        }
    }

    public static JsonObject Yaml(byte[] bytes)
    {
        if (bytes.FirstOrDefault(letter => !char.IsWhiteSpace((char)letter)) == '{')
        {
            return Json(bytes, "object");
        }

        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Encoding.UTF8.GetString(bytes)));
            return stream.Documents.Count > 0 && YamlJson.Convert(stream.Documents[0].RootNode) is JsonObject json
                ? json
                : throw ApiException.BadRequest("the YAML holds no object");
        }
        catch (Exception refused) when (refused is YamlException or InvalidOperationException or InvalidCastException)
        {
            // The reader's own exceptions, also those it throws by accident on YAML it cannot make out.
            throw ApiException.BadRequest($"error decoding YAML: {refused.Message}");
        }
    }

    private static JsonObject Json(byte[] bytes, string kind)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject
                ?? throw ApiException.BadRequest($"the object provided is unrecognized (must be of type {kind})");
        }
        catch (JsonException refused)
        {
            var why = s_endings.Any(ending => refused.Message.Contains(ending, StringComparison.Ordinal))
                ? "unexpected end of JSON input"
                : refused.Message;
            var start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 60)]);
            throw ApiException.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get "
                + $"version/kind; json parse error: {why} ({start})");
        }
    }

    private static void CheckShape(JsonObject json, ResourceType type)
    {
        foreach (var field in (string[])["metadata", "spec", "data"])
        {
            if (json[field] is JsonValue or JsonArray && !(field == "data" && type.Kind == "ControllerRevision"))
            {
                var found = json[field]!.GetValueKind().ToString().ToLowerInvariant();
                throw ApiException.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a "
                    + $"{type.Kind}: json: cannot unmarshal {found} into Go struct field {type.Kind}.{field}");
            }
        }

        if (json.Text("kind") is { Length: > 0 } kind && kind != type.Kind)
        {
            throw ApiException.BadRequest($"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: "
                + $"the kind of the object does not match the expected kind");
        }
    }
}
