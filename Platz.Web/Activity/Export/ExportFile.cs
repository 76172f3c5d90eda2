using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace Platz.Web.Activity.Export;

/// <summary>What the files that a browser is given have in common.</summary>
internal static class ExportFile
{
    private static readonly JsonWriterOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never inside of HTML
    };

    /// <param name="name">What it is of; the time and the ending are added.</param>
    public static void Describe(HttpResponse response, string name, DateTimeOffset now, ExportFormat format)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var (extension, type) = format is ExportFormat.Csv ? ("csv", "text/csv") : ("ndjson", "application/x-ndjson");
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{name}-{time}Z.{extension}");
        response.ContentType = $"{type}; charset=utf-8";
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.CacheControl = "no-store";
    }

    public static void AppendRow(
        StringBuilder text, ExportFormat format, IEnumerable<(string Name, object? Value)> values)
    {
        if (format is ExportFormat.Csv)
        {
            CsvText.Append(text, values.Select(v => v.Value));
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        text.Append(Encoding.UTF8.GetString(buffer.WrittenSpan)).Append('\n');
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time.UtcDateTime);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}

internal enum ExportFormat
{
    Csv,
    NdJson,
}
