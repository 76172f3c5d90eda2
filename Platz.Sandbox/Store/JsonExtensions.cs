using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>Words for reading Kubernetes objects, missing from <see cref="JsonNode"/>.</summary>
internal static class JsonExtensions
{
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    extension(JsonNode? node)
    {
        public JsonNode? At(params ReadOnlySpan<string> path)
        {
            var here = node;
            foreach (var key in path)
            {
                here = (here as JsonObject)?[key];
            }

            return here;
        }

        public string? Text(params ReadOnlySpan<string> path) =>
            node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        public long? Number(params ReadOnlySpan<string> path) =>
            node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.Number
                ? (long)double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
                : null;

        public bool? Flag(params ReadOnlySpan<string> path) =>
            node.At(path) is { } value
                ? value.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
                : null;

        public JsonObject? Object(params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

        public IEnumerable<JsonObject> Objects(params ReadOnlySpan<string> path) =>
            (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

        public IEnumerable<string> Texts(params ReadOnlySpan<string> path) =>
            (node.At(path) as JsonArray)?.Select(item => item.Text()).OfType<string>() ?? [];

        public bool SameAs(JsonNode? other) => JsonNode.DeepEquals(node, other);
    }

    extension(JsonObject json)
    {
        public string Name => json.Text("metadata", "name") ?? "";

        public string Namespace => json.Text("metadata", "namespace") ?? "";

        public string Uid => json.Text("metadata", "uid") ?? "";

        public JsonObject Metadata => json.Ensure("metadata");

        public bool IsBeingDeleted => json.At("metadata", "deletionTimestamp") is not null;

        public string? Label(string key) => json.Text("metadata", "labels", key);

        public string? Annotation(string key) => json.Text("metadata", "annotations", key);

        /// <summary>The object under <paramref name="key"/>, put there empty when it is missing.</summary>
        public JsonObject Ensure(string key)
        {
            if (json[key] is JsonObject existing)
            {
                return existing;
            }

            var added = new JsonObject();
            json[key] = added;
            return added;
        }

        /// <summary>Sets a value only where none stands.</summary>
        public void Default(string key, JsonNode? value)
        {
            if (json[key] is null)
            {
                json[key] = value;
            }
        }

        public JsonObject Copy() => (JsonObject)json.DeepClone();
    }

    extension(DateTimeOffset time)
    {
        /// <summary>The form of metav1.Time: whole seconds, UTC.</summary>
        public string Rfc3339 => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        /// <summary>The form of metav1.MicroTime.</summary>
        public string Rfc3339Micro =>
            time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }
}
