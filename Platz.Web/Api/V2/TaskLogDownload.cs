using Platz.Core.Tasks;

namespace Platz.Web.Api.V2;

/// <summary>What is kept of a task's output, as a text file; sent as it is read, so its size does not matter.</summary>
internal sealed class TaskLogDownload(TaskLog log, Guid taskId) : IResult
{
    private const int LinesAtOnce = 2_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/plain; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"task-{taskId}.log\"";
        var (seq, bytes) = (0L, 0L);
        while (await log.AfterAsync(taskId, seq, LinesAtOnce, cancel) is { Lines.Count: > 0 } part)
        {
            foreach (var line in part.Lines)
            {
                if (line.Seq - seq > 1)
                {
                    var gap = $"[{line.Seq - seq - 1:N0} lines, {line.BytesBefore - bytes:N0} bytes, were not kept]\n";
                    await httpContext.Response.WriteAsync(gap, cancel);
                }

                await httpContext.Response.WriteAsync($"{line.Text}\n", cancel);
                (seq, bytes) = (line.Seq, line.BytesBefore + TaskLogWriter.Size(line.Text));
            }
        }
    }
}
