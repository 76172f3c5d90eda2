using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>
/// Decodes the Kubernetes protobuf of the few kinds that clients send no other way: helm its release Secrets, kubectl
/// create its namespaces, accounts, config maps and token requests.
/// </summary>
internal static class Protobuf
{
    public static JsonObject Decode(byte[] body)
    {
        if (!body.AsSpan().StartsWith("k8s\0"u8))
        {
            throw ApiException.BadRequest("the protobuf body lacks its prefix");
        }

        var envelope = Fields(body.AsMemory(4)).ToLookup(field => field.Number, field => field.Bytes);
        var type = Fields(envelope[1].First()).ToLookup(field => field.Number, field => Text(field.Bytes));
        var json = new JsonObject { ["apiVersion"] = type[1].FirstOrDefault(), ["kind"] = type[2].FirstOrDefault() };
        foreach (var field in Fields(envelope[2].First()))
        {
            Read(json, type[2].FirstOrDefault(), field);
        }

        return json;
    }

    private static void Read(JsonObject json, string? kind, Field field)
    {
        switch (kind, field.Number)
        {
            case (_, 1):
                json["metadata"] = Metadata(field.Bytes);
                break;
            case ("Secret", 2):
                Entry(json.Ensure("data"), field.Bytes, value => Convert.ToBase64String(value.Span));
                break;
            case ("Secret", 3):
                json["type"] = Text(field.Bytes);
                break;
            case ("Secret", 4) or ("ConfigMap", 2):
                Entry(json.Ensure(kind == "Secret" ? "stringData" : "data"), field.Bytes, Text);
                break;
            case ("ConfigMap", 3):
                Entry(json.Ensure("binaryData"), field.Bytes, value => Convert.ToBase64String(value.Span));
                break;
            case ("Secret", 5) or ("ConfigMap", 4):
                json["immutable"] = field.Integer != 0;
                break;
            case ("TokenRequest", 2):
                ReadTokenSpec(json.Ensure("spec"), field.Bytes);
                break;
            case ("Namespace" or "ServiceAccount" or "TokenRequest", _):
                break; // their spec and status are the server's to fill
            default:
                throw new ApiException(415, "UnsupportedMediaType",
                    $"the sandbox reads no protobuf of kind {kind}; send application/json");
        }
    }

    private static void ReadTokenSpec(JsonObject spec, ReadOnlyMemory<byte> message)
    {
        foreach (var field in Fields(message).Where(field => field.Number == 4))
        {
            spec["expirationSeconds"] = field.Integer;
        }
    }

    private static JsonObject Metadata(ReadOnlyMemory<byte> message)
    {
        var metadata = new JsonObject();
        foreach (var field in Fields(message))
        {
            var name = field.Number switch
            {
                1 => "name",
                2 => "generateName",
                3 => "namespace",
                5 => "uid",
                6 => "resourceVersion",
                _ => null,
            };
            if (name is not null && field.Bytes.Length > 0)
            {
                metadata[name] = Text(field.Bytes);
            }
            else if (field.Number is 11 or 12)
            {
                Entry(metadata.Ensure(field.Number == 11 ? "labels" : "annotations"), field.Bytes, Text);
            }
            else if (field.Number == 14)
            {
                var finalizers = metadata["finalizers"] as JsonArray ?? [];
                metadata["finalizers"] = finalizers;
                finalizers.Add(Text(field.Bytes));
            }
        }

        return metadata;
    }

    private static void Entry(JsonObject map, ReadOnlyMemory<byte> message, Func<ReadOnlyMemory<byte>, string> read)
    {
        var fields = Fields(message).ToList();
        var key = fields.Where(field => field.Number == 1).Select(field => Text(field.Bytes)).FirstOrDefault("");
        map[key] = read(fields.Where(field => field.Number == 2).Select(field => field.Bytes).FirstOrDefault());
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            var number = (int)(tag >> 3);
            yield return (tag & 7) switch
            {
                0 => new Field(number, (long)Varint(ref message), default),
                1 => new Field(number, BinaryPrimitives.ReadInt64LittleEndian(Take(ref message, 8).Span), default),
                2 => new Field(number, 0, Take(ref message, (int)Math.Min(Varint(ref message), int.MaxValue))),
                5 => new Field(number, BinaryPrimitives.ReadInt32LittleEndian(Take(ref message, 4).Span), default),
                _ => throw ApiException.BadRequest($"unknown protobuf wire type {tag & 7}"),
            };
        }
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref message, 1).Span[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw ApiException.BadRequest("a protobuf number is too long");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int length)
    {
        if (length > message.Length)
        {
            throw ApiException.BadRequest("the protobuf body ends too early");
        }

        var taken = message[..length];
        message = message[length..];
        return taken;
    }

    private readonly record struct Field(int Number, long Integer, ReadOnlyMemory<byte> Bytes);
}
