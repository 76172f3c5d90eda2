using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>Answers that go on: watches and logs. They end when the sandbox stops.</summary>
internal sealed class Streams(WatchStream watches, PodLogs logs, IHostApplicationLifetime lifetime)
{
    public async Task WatchAsync(HttpContext context, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        await UntilStoppingAsync(context, watches.RunAsync(context, info, type, end.Token));
    }

    public async Task LogAsync(HttpContext context, RequestInfo info, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        await UntilStoppingAsync(context, logs.AnswerAsync(context, info, end.Token));
    }

    /// <summary>A dying server cuts its streams; it does not end them as if all had been said.</summary>
    private async Task UntilStoppingAsync(HttpContext context, Task stream)
    {
        try
        {
            await stream;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Abort();
        }
    }
}
