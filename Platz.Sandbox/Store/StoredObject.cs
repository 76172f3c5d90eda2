using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>One version of one object. Its JSON is never changed: whoever wants to change it works on a copy.</summary>
public sealed class StoredObject(ObjectKey key, JsonObject json, long version)
{
    private byte[]? _utf8;

    public ObjectKey Key => key;

    public ResourceType Type => key.Type;

    public string Namespace => key.Namespace;

    public string Name => key.Name;

    public JsonObject Json => json;

    public long Version => version;

    public string Uid { get; } = json.Uid;

    /// <summary>What each field manager applied last, so that the next apply can take away what it left out.</summary>
    public IReadOnlyDictionary<string, JsonObject> Applied { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>The compact JSON, written once for all watchers and the journal.</summary>
    public byte[] Utf8 => _utf8 ??= Write(json);

    public static byte[] Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonExtensions.Writing))
        {
            node.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}

public enum ChangeKind { Added, Modified, Deleted }

/// <summary>One step of the store; every step has its own resourceVersion.</summary>
public sealed record StoreChange(ChangeKind Kind, StoredObject Stored, StoredObject? Previous)
{
    public long Version => Stored.Version;
}
