using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Platz.Core.Tasks;

/// <summary>Reads and writes <see cref="Operation"/> as one object whose single key names the operation.</summary>
public sealed class OperationJson : JsonConverter<Operation>
{
    private static readonly Dictionary<string, JsonTypeInfo> s_operations = new()
    {
        [nameof(Install)] = OperationJsonContext.Default.Install,
        [nameof(Upgrade)] = OperationJsonContext.Default.Upgrade,
        [nameof(Reinstall)] = OperationJsonContext.Default.Reinstall,
        [nameof(Recreate)] = OperationJsonContext.Default.Recreate,
        [nameof(Uninstall)] = OperationJsonContext.Default.Uninstall,
        [nameof(InvokeAction)] = OperationJsonContext.Default.InvokeAction,
        [nameof(RestartK8sResource)] = OperationJsonContext.Default.RestartK8sResource,
    };

    /// <summary>The tags of all operations that this version knows.</summary>
    public static IReadOnlyCollection<string> Kinds => s_operations.Keys;

    /// <summary>Never throws: what cannot be read becomes an <see cref="UnreadableOperation"/>.</summary>
    public static Operation Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OperationJsonContext.Default.Operation)
                ?? new UnreadableOperation("Unknown", json);
        }
        catch (JsonException)
        {
            return new UnreadableOperation(FirstKey(json) ?? "Unknown", json);
        }
    }

    public static string Write(Operation operation) =>
        JsonSerializer.Serialize(operation, OperationJsonContext.Default.Operation);

    public override Operation? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject || !reader.Read()
            || reader.TokenType is not JsonTokenType.PropertyName)
        {
            throw new JsonException("An operation is an object with one key that names it.");
        }

        var tag = reader.GetString()!;
        if (!s_operations.TryGetValue(tag, out var type))
        {
            throw new JsonException($"Unknown operation '{tag}'.");
        }

        reader.Read();
        var operation = (Operation?)JsonSerializer.Deserialize(ref reader, type);
        if (operation is null || !reader.Read() || reader.TokenType is not JsonTokenType.EndObject)
        {
            throw new JsonException($"Operation '{tag}' must be the only key and hold an object.");
        }

        return operation;
    }

    public override void Write(Utf8JsonWriter writer, Operation value, JsonSerializerOptions options)
    {
        if (value is UnreadableOperation unreadable)
        {
            WriteUnreadable(writer, unreadable);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName(value.Kind);
        JsonSerializer.Serialize(writer, value, s_operations[value.Kind]);
        writer.WriteEndObject();
    }

    private static void WriteUnreadable(Utf8JsonWriter writer, UnreadableOperation operation)
    {
        writer.WriteStartObject();
        writer.WriteString(operation.OpKind, operation.Json);
        writer.WriteEndObject();
    }

    private static string? FirstKey(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
            return reader.Read() && reader.TokenType is JsonTokenType.StartObject && reader.Read()
                && reader.TokenType is JsonTokenType.PropertyName ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Install))]
[JsonSerializable(typeof(Upgrade))]
[JsonSerializable(typeof(Reinstall))]
[JsonSerializable(typeof(Recreate))]
[JsonSerializable(typeof(Uninstall))]
[JsonSerializable(typeof(InvokeAction))]
[JsonSerializable(typeof(RestartK8sResource))]
internal sealed partial class OperationJsonContext : JsonSerializerContext;
