using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Clusters;

namespace Platz.Runner.Watching;

/// <summary>
/// All objects of one kind in a cluster, kept up to date as Kubernetes documents it: list, watch from the list's
/// version on, and list again when that version has become too old (410) or the watch has fallen silent.
/// </summary>
/// <param name="list">One page: resourceVersion, continue token.</param>
/// <param name="watch">From a version on; ends by itself after <see cref="WatchSeconds"/>.</param>
internal sealed partial class KindWatch<T>(
    string kind,
    Func<string?, CancellationToken, Task<IItems<T>>> list,
    Func<string, CancellationToken, IAsyncEnumerable<(WatchEventType, T)>> watch,
    TimeProvider clock, ILogger log) : IKindWatch
    where T : IKubernetesObject<V1ObjectMeta>
{
    public const int WatchSeconds = 240;

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(WatchSeconds + 30);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    /// <summary>After each list: everything there is.</summary>
    public required Func<IReadOnlyList<T>, Task> OnListed { get; init; }

    public required Func<WatchEventType, T, Task> OnChanged { get; init; }

    public async Task RunAsync(CancellationToken cancel)
    {
        string? version = null;
        var pause = TimeSpan.FromSeconds(1);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancel);
                version = await WatchAsync(version, cancel);
                pause = TimeSpan.FromSeconds(1);
            }
            catch (Exception e) when (IsTrouble(e) && !cancel.IsCancellationRequested)
            {
                version = null; // whatever was missed, the list tells
                LogTrouble(kind, ClusterError.Reason(e));
                await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() * 0.5)), clock, cancel);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks));
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancel)
    {
        var all = new List<T>();
        string? more = null;
        string version;
        do
        {
            var page = await list(more, cancel);
            all.AddRange(page.Items);
            var metadata = ((IMetadata<V1ListMeta>)page).Metadata;
            (version, more) = (metadata.ResourceVersion, metadata.ContinueProperty);
        }
        while (!string.IsNullOrEmpty(more));

        await OnListed(all);
        return version;
    }

    /// <returns>The version to go on from; null to list again.</returns>
    private async Task<string?> WatchAsync(string from, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(s_silence);
        try
        {
            await foreach (var (type, item) in watch(from, silence.Token).WithCancellation(silence.Token))
            {
                silence.CancelAfter(s_silence);
                if (type is WatchEventType.Error)
                {
                    return null;
                }

                from = item.Metadata?.ResourceVersion ?? from;
                if (type is not WatchEventType.Bookmark)
                {
                    await OnChanged(type, item);
                }
            }
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Gone))
        {
            return null;
        }

        return from; // closed in order: go on where it stopped
    }

    private static bool IsTrouble(Exception e) => e is HttpOperationException or HttpRequestException or IOException
        or KubernetesException or OperationCanceledException or TimeoutException or System.Text.Json.JsonException
        or Npgsql.NpgsqlException;

    [LoggerMessage(LogLevel.Debug, "The watch of {Kind} begins anew: {Reason}")]
    private partial void LogTrouble(string kind, string reason);
}

internal interface IKindWatch
{
    Task RunAsync(CancellationToken cancel);
}
