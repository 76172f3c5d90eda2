using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>Writes answers: compact JSON with a newline, as the real server does.</summary>
internal static class Answers
{
    private const string Json = "application/json";

    extension(HttpContext context)
    {
        public Task AnswerAsync(int code, JsonNode body) => context.AnswerAsync(code, StoredObject.Write(body));

        public Task AnswerAsync(StoredObject stored) => context.AnswerAsync(200, stored.Utf8);

        public Task AnswerAsync(ApiException refusal)
        {
            if (refusal.RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            return context.AnswerAsync(refusal.Code, refusal.ToStatus());
        }

        public async Task AnswerAsync(int code, ReadOnlyMemory<byte> json)
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = Json;
            context.Response.ContentLength = json.Length + 1;
            if (HttpMethods.IsHead(context.Request.Method))
            {
                return;
            }

            await context.Response.Body.WriteAsync(json, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }

        public Task AnswerTextAsync(int code, string text)
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(text, context.RequestAborted);
        }

        public Task AnswerListAsync(ResourceType type, IEnumerable<StoredObject> objects, JsonObject metadata)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, JsonExtensions.Writing))
            {
                writer.WriteStartObject();
                writer.WriteString("kind", $"{type.Kind}List");
                writer.WriteString("apiVersion", type.ApiVersion);
                writer.WritePropertyName("metadata");
                metadata.WriteTo(writer);
                writer.WriteStartArray("items");
                foreach (var stored in objects)
                {
                    WriteItem(writer, stored.Json);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            return context.AnswerAsync(200, buffer.ToArray());
        }
    }

    /// <summary>Items of a list say neither kind nor apiVersion.</summary>
    private static void WriteItem(Utf8JsonWriter writer, JsonObject json)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in json)
        {
            if (key is "kind" or "apiVersion")
            {
                continue;
            }

            writer.WritePropertyName(key);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
