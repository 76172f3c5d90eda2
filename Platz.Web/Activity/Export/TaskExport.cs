using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using Platz.Core.Activity;
using Platz.Core.Tasks;

namespace Platz.Web.Activity.Export;

/// <summary>
/// All tasks that a filter lets through, newest first, as a file; sent as they are read, a part at a time, so that
/// their number does not matter. What is queued meanwhile is not in it.
/// </summary>
internal sealed class TaskExport(TaskSource source, ActivityScope scope, TaskFilter filter, ExportFormat format) : IResult
{
    private const int TasksAtOnce = 500;

    private static readonly JsonWriterOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never inside of HTML
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        var response = httpContext.Response;
        Describe(response);
        var text = new StringBuilder();
        if (format is ExportFormat.Csv)
        {
            CsvText.Append(text, TaskColumns.All.Select(c => c.Name));
        }

        TaskCursor? next = null;
        do
        {
            (var tasks, next) = await source.Search.SliceAsync(filter, next, TasksAtOnce, cancel);
            foreach (var task in tasks)
            {
                Append(text, task);
            }

            await response.WriteAsync(text.ToString(), cancel);
            text.Clear();
        }
        while (next is not null);
    }

    private void Describe(HttpResponse response)
    {
        var env = scope.EnvId is { } id ? scope.EnvNames.GetValueOrDefault(id) : null;
        var time = source.Now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var (extension, type) = format is ExportFormat.Csv ? ("csv", "text/csv") : ("ndjson", "application/x-ndjson");
        var name = new ContentDispositionHeaderValue("attachment");
        name.SetHttpFileName($"tasks-{env ?? "all"}-{time}Z.{extension}");
        response.ContentType = $"{type}; charset=utf-8";
        response.Headers.ContentDisposition = name.ToString();
        response.Headers.CacheControl = "no-store";
    }

    private void Append(StringBuilder text, DeploymentTask task)
    {
        var values = TaskColumns.All.Select(c => (c.Name, Value: c.Of(task, scope)));
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

/// <param name="Now">The time that the file is named after.</param>
internal sealed record TaskSource(TaskSearch Search, DateTimeOffset Now);
