using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>
/// One pod, each time it changes and at least every second; null once it is gone. The watch only makes it quick: a
/// silent, cut or empty one (kubernetes.md 2.1) costs a second, no more.
/// </summary>
internal static class PodWatch
{
    private static readonly TimeSpan s_atLeastEvery = TimeSpan.FromSeconds(1);

    public static async IAsyncEnumerable<V1Pod?> FollowAsync(TaskRun run, V1Pod pod, string ns)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        var changes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var watching = WatchAsync(run, pod, ns, changes.Writer, end.Token);
        try
        {
            while (true)
            {
                var now = await run.CallAsync((c, cancel) => c.FindPodAsync(pod.Metadata.Name, ns, cancel));
                yield return now?.Metadata.Uid == pod.Metadata.Uid ? now : null;
                await NextAsync(changes.Reader, run.Stop);
            }
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    }

    private static async Task NextAsync(ChannelReader<bool> changes, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_atLeastEvery);
        try
        {
            await changes.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // nothing heard for a second: look
        }
    }

    private static async Task WatchAsync(
        TaskRun run, V1Pod pod, string ns, ChannelWriter<bool> changes, CancellationToken cancel)
    {
        try
        {
            var events = run.Place.Cluster.Client.CoreV1.WatchListNamespacedPodAsync(
                ns, fieldSelector: $"metadata.name={pod.Metadata.Name}", timeoutSeconds: 300,
                onError: _ => changes.TryWrite(true), cancellationToken: cancel);
            await foreach (var _ in events.WithCancellation(cancel))
            {
                changes.TryWrite(true);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpOperationException
            or OperationCanceledException or KubernetesException)
        {
            // the look of every second goes on without it
        }
    }
}
