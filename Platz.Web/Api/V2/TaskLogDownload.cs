using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;

namespace Platz.Web.Api.V2;

/// <summary>What is kept of a task's output, as a text file; sent as it is read, so its size does not matter.</summary>
/// <param name="lines">The first and the last line; null for all.</param>
/// <param name="plain">Without the escape sequences of colours.</param>
internal sealed class TaskLogDownload(TaskLog log, Guid taskId, (long First, long Last)? lines, bool plain) : IResult
{
    private const int LinesAtOnce = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/plain; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"task-{taskId}.log\"";
        var (first, last) = lines ?? (1, long.MaxValue);
        var seq = first - 1;
        long? bytes = first == 1 ? 0 : null;
        while (await log.AfterAsync(taskId, seq, LinesAtOnce, cancel) is { Lines.Count: > 0 } part)
        {
            foreach (var line in part.Lines)
            {
                if (line.Seq > last)
                {
                    return;
                }

                if (line.Seq - seq > 1)
                {
                    await httpContext.Response.WriteAsync(Gap(line.Seq - seq - 1, line.BytesBefore - bytes), cancel);
                }

                var text = plain ? TerminalSequence.Strip(line.Text) : line.Text;
                await httpContext.Response.WriteAsync($"{text}\n", cancel);
                (seq, bytes) = (line.Seq, line.BytesBefore + TaskLogWriter.Size(line.Text));
            }
        }
    }

    /// <param name="bytes">Unknown where the wanted lines begin inside a gap.</param>
    public static string Gap(long lines, long? bytes) =>
        bytes is null ? $"[{lines:N0} lines were not kept]\n" : $"[{lines:N0} lines, {bytes:N0} bytes, were not kept]\n";
}
