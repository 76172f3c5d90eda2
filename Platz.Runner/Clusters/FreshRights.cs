using System.Collections.Concurrent;
using System.Net;

namespace Platz.Runner.Clusters;

/// <summary>
/// Each API server of a control plane learns of a new binding by itself: one says that it is in force, and the next
/// call may meet another that does not know it yet. For a few seconds after something was bound in a namespace, what
/// is refused there is asked again.
/// </summary>
internal sealed class FreshRights(TimeProvider clock) : DelegatingHandler
{
    private const string Namespaces = "/namespaces/";

    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _boundAt = new();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var ns = NamespaceOf(path);
        var response = await base.SendAsync(request, cancellationToken);
        while (response.StatusCode is HttpStatusCode.Forbidden && IsFresh(ns))
        {
            response.Dispose();
            await Task.Delay(s_wait, clock, cancellationToken);
            response = await base.SendAsync(request, cancellationToken);
        }

        if (response.StatusCode is HttpStatusCode.Created && path.EndsWith("/rolebindings", StringComparison.Ordinal))
        {
            Note(ns);
        }

        return response;
    }

    /// <summary>Empty for what is asked of the whole cluster.</summary>
    private static string NamespaceOf(string path) =>
        path.Split(Namespaces, 2) is [_, var rest] ? rest.Split('/')[0] : "";

    private bool IsFresh(string ns) => _boundAt.TryGetValue(ns, out var at) && clock.GetUtcNow() - at < s_fresh;

    private void Note(string ns)
    {
        foreach (var (known, _) in _boundAt.Where(bound => !IsFresh(bound.Key)))
        {
            _boundAt.TryRemove(known, out _);
        }

        _boundAt[ns] = clock.GetUtcNow();
    }
}
