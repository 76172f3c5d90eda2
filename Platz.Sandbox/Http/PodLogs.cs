using Platz.Sandbox.Faults;
using Platz.Sandbox.Kubelet;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>The log subresource of pods.</summary>
internal sealed class PodLogs(ObjectStore store, LogStore logs, FaultSwitches faults, TimeProvider clock)
{
    private static readonly TimeSpan s_beforeCut = TimeSpan.FromMilliseconds(200);

    public async Task AnswerAsync(HttpContext context, RequestInfo info, CancellationToken cancel)
    {
        var pod = store.Find(ResourceTypes.Pods, info.Namespace, info.Name)
            ?? throw ApiException.NotFound(ResourceTypes.Pods, info.Name);
        var query = LogQuery.Parse(context.Request.Query, info.Name, clock.GetUtcNow());
        var log = Find(pod, Container(pod, context.Request.Query["container"].ToString()),
            LogQuery.Flag(context.Request.Query, "previous"));
        context.Response.ContentType = "text/plain";
        await context.Response.Body.FlushAsync(cancel);
        await StreamAsync(context, log, query, cancel);
    }

    private async Task StreamAsync(HttpContext context, ContainerLog log, LogQuery query, CancellationToken cancel)
    {
        var cut = faults.TakeLogCut() ?? long.MaxValue;
        using var dropped = faults.NewLog();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, dropped.Token);
        try
        {
            await new LogReader(log, query, WriteAsync).RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (dropped.IsCancellationRequested)
        {
            context.Abort();
        }

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            var fitting = bytes[..(int)Math.Min(bytes.Length, cut)];
            await context.Response.Body.WriteAsync(fitting, end.Token);
            await context.Response.Body.FlushAsync(end.Token);
            cut -= cut == long.MaxValue ? 0 : fitting.Length;
            if (cut == 0)
            {
                await Task.Delay(s_beforeCut, clock, end.Token); // a reset would overtake what was just sent
                dropped.Drop(cleanly: false);
            }
        }
    }

    private static string Container(StoredObject pod, string wanted)
    {
        var names = pod.Json.Objects("spec", "initContainers").Concat(pod.Json.Objects("spec", "containers"))
            .Select(container => container.Text("name") ?? "").ToList();
        if (wanted.Length > 0)
        {
            return names.Contains(wanted)
                ? wanted
                : throw ApiException.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
        }

        return names.Count == 1
            ? names[0]
            : throw ApiException.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: "
                + $"[{string.Join(' ', names)}]");
    }

    private ContainerLog Find(StoredObject pod, string container, bool previous)
    {
        var status = pod.Json.Objects("status", "containerStatuses")
            .Concat(pod.Json.Objects("status", "initContainerStatuses"))
            .FirstOrDefault(status => status.Text("name") == container);
        var restarts = status.Number("restartCount") ?? 0;
        if (previous)
        {
            return (restarts > 0 ? logs.Find(pod.Uid, container, restarts - 1) : null)
                ?? throw ApiException.BadRequest(
                    $"previous terminated container \"{container}\" in pod \"{pod.Name}\" not found");
        }

        // A container that waits after a crash still shows the output of its last run.
        return logs.Find(pod.Uid, container, restarts)
            ?? (restarts > 0 ? logs.Find(pod.Uid, container, restarts - 1) : null)
            ?? throw ApiException.BadRequest($"container \"{container}\" in pod \"{pod.Name}\" is waiting to start: "
                + Waiting(status.Text("state", "waiting", "reason")));
    }

    private static string Waiting(string? reason) => reason switch
    {
        null => "ContainerCreating",
        "ErrImagePull" => "image can't be pulled",
        "ImagePullBackOff" => "trying and failing to pull image",
        _ => reason,
    };
}
