using System.Text;
using System.Text.Json;
using Platz.Core.Tasks;

namespace Platz.Web.Api.V2;

/// <summary>Writes lines of a log to an answer as they come: as text, or each as a JSON object.</summary>
internal sealed class LogPrinter
{
    public const string NdJson = "application/x-ndjson";

    private readonly HttpResponse _response;
    private readonly bool _isJson;

    /// <param name="after">Lines up to this one are left out.</param>
    public LogPrinter(HttpResponse response, bool isJson, long after)
    {
        (_response, _isJson, Seq) = (response, isJson, after);
        response.ContentType = $"{(isJson ? NdJson : "text/plain")}; charset=utf-8";
    }

    /// <summary>The last line that was written.</summary>
    public long Seq { get; private set; }

    /// <param name="lines">In order; those that were written are left out.</param>
    public Task WriteAsync(IEnumerable<LogLineResponse> lines, CancellationToken cancel)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Where(line => line.Seq > Seq))
        {
            if (_isJson)
            {
                text.Append(JsonSerializer.Serialize(line, ApiJson.Default.LogLineResponse));
            }
            else
            {
                var left = line.Seq - Seq - 1;
                text.Append(left > 0 ? TaskLogDownload.Gap(left, bytes: null) : "").Append(line.Text);
            }

            text.Append('\n');
            Seq = line.Seq;
        }

        return SendAsync(text.ToString(), cancel);
    }

    /// <summary>An empty line, so that nobody between here and there takes the silence for the end.</summary>
    public Task BeatAsync(CancellationToken cancel) => SendAsync("\n", cancel);

    /// <summary>Says how the task has ended, where a program reads it.</summary>
    public Task EndAsync(DeploymentTask task, CancellationToken cancel)
    {
        var end = new LogEndResponse(End: true, task.Status.ToString(), task.Reason);
        return _isJson
            ? SendAsync($"{JsonSerializer.Serialize(end, ApiJson.Default.LogEndResponse)}\n", cancel)
            : Task.CompletedTask;
    }

    private async Task SendAsync(string text, CancellationToken cancel)
    {
        if (text.Length > 0)
        {
            await _response.WriteAsync(text, cancel);
            await _response.Body.FlushAsync(cancel);
        }
    }
}

/// <param name="Seq">From 1; numbers that are missing are lines that were not kept.</param>
internal sealed record LogLineResponse(long Seq, DateTimeOffset At, string Phase, string Stream, string Text)
{
    public static LogLineResponse From(TaskLogLine line) =>
        new(line.Seq, line.At, line.Phase, line.Stream.ToString(), line.Text);
}

/// <summary>The last line of a log that was followed to its end.</summary>
internal sealed record LogEndResponse(bool End, string Status, string? Reason);
