namespace Platz.Sandbox.Ingress;

/// <summary>One request to an ingress, from its arrival to the last byte of the answer.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Body">Its first 64 KiB, as text.</param>
/// <param name="BodyLength">In bytes, of all of it.</param>
/// <param name="Status">Null while there is no answer.</param>
/// <param name="Completed">The whole answer went out.</param>
public sealed record IngressCall(
    long Id,
    string Host,
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    long BodyLength,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt = null,
    int? Status = null,
    bool Completed = false);

/// <summary>
/// The last requests to the ingress, in order, so that a test can tell what was sent, how often and with which
/// credentials.
/// </summary>
public sealed class IngressLedger(TimeProvider clock)
{
    private const int Most = 2000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, IngressCall> _calls = [];
    private long _last;

    public IReadOnlyList<IngressCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls.Values];
            }
        }
    }

    internal IngressCall Begin(HttpRequest request, string body, long length)
    {
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        lock (_gate)
        {
            var call = new IngressCall(++_last, request.Host.Host, request.Method,
                request.Path + request.QueryString, headers, body, length, clock.GetUtcNow());
            _calls[call.Id] = call;
            _calls.Remove(call.Id - Most);
            return call;
        }
    }

    internal void End(IngressCall call, int? status, bool completed)
    {
        lock (_gate)
        {
            if (_calls.ContainsKey(call.Id))
            {
                _calls[call.Id] =
                    call with { FinishedAt = clock.GetUtcNow(), Status = status, Completed = completed };
            }
        }
    }
}
