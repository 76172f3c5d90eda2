using System.Net;
using k8s;
using k8s.Autorest;

namespace Platz.Runner.Clusters;

/// <summary>One cluster as a runner reaches it.</summary>
internal sealed class ClusterConnection(
    Guid id, string name, IKubernetes client, IReadOnlyList<string> secrets, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    public Guid Id => id;

    public string Name => name;

    public IKubernetes Client => client;

    /// <summary>Credentials that must never appear in a log.</summary>
    public IReadOnlyList<string> Secrets => secrets;

    /// <summary>
    /// Calls the API server and tries again while it is away or overloaded. All our writes may be said twice: names
    /// are fixed, and a conflict shows what is there already.
    /// </summary>
    /// <param name="patience">How long to try; infinite to wait until <paramref name="cancel"/>.</param>
    /// <exception cref="Dispatch.OperationException">The cluster has not answered for so long.</exception>
    /// <exception cref="HttpOperationException">The API server refused.</exception>
    public async Task<T> CallAsync<T>(
        Func<IKubernetes, CancellationToken, Task<T>> call, TimeSpan patience,
        Func<DateTimeOffset, string, Task> onUnreachable, CancellationToken cancel)
    {
        DateTimeOffset? since = null;
        var wait = TimeSpan.FromMilliseconds(200);
        while (true)
        {
            TimeSpan? retryAfter;
            try
            {
                return await call(client, cancel);
            }
            catch (Exception e) when (IsAway(e, cancel, out retryAfter))
            {
                var now = clock.GetUtcNow();
                since ??= now;
                if (patience != Timeout.InfiniteTimeSpan && now - since >= patience)
                {
                    throw new Dispatch.OperationException(
                        $"The cluster {name} cannot be reached: {ClusterError.Reason(e)}", e);
                }

                await onUnreachable(since.Value, ClusterError.Reason(e));
            }

            await Task.Delay(retryAfter ?? wait * (0.75 + (Random.Shared.NextDouble() * 0.5)), clock, cancel);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, s_longestWait.Ticks));
        }
    }

    public void Dispose() => client.Dispose();

    private static bool IsAway(Exception e, CancellationToken cancel, out TimeSpan? retryAfter)
    {
        retryAfter = null;
        if (cancel.IsCancellationRequested)
        {
            return false;
        }

        if (e is not HttpOperationException refused)
        {
            return e is HttpRequestException or IOException or OperationCanceledException or TimeoutException;
        }

        if (refused.Response.Headers.TryGetValue("Retry-After", out var values)
            && int.TryParse(values.FirstOrDefault(), out var seconds))
        {
            retryAfter = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 30));
        }

        return refused.Response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            || (refused.Response.StatusCode is HttpStatusCode.InternalServerError && !ClusterError.IsAdmission(refused));
    }
}
