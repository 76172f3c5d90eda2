using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Web.Live;

namespace Platz.Web.Events;

/// <summary>
/// One connection: hears what its client subscribed to, as far as its identity may see that at the moment of telling.
/// Whoever cannot follow, or might have missed something, is disconnected and reads everything again.
/// </summary>
internal sealed partial class EventSession : IAsyncDisposable
{
    /// <summary>Events that wait for a slow reader.</summary>
    private const int MostWaiting = 1024;

    private const int LongestRequest = 4096;
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    /// <summary>How old rights may be where nobody tells of a change.</summary>
    private static readonly TimeSpan s_recheck = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Channel<RowEvent?> _waiting = Channel.CreateBounded<RowEvent?>(MostWaiting);
    private readonly CancellationTokenSource _end = new();
    private readonly WebSocket _socket;
    private readonly ChangeFeed _changes;
    private readonly IReadOnlySet<Guid> _own;
    private readonly ILogger _log;
    private readonly ITimer _rechecks;
    private readonly Lock _ending = new();
    private Subscriptions _subscriptions = Subscriptions.None;
    private (WebSocketCloseStatus Status, string Why)? _closing;
    private bool _isDisposed;
    private volatile bool _isStale = true;

    /// <param name="own">The rows that say who its identity is.</param>
    public EventSession(
        WebSocket socket, ChangeFeed changes, IReadOnlySet<Guid> own, TimeProvider clock, ILogger log)
    {
        (_socket, _changes, _own, _log) = (socket, changes, own, log);
        _changes.Heard += Hear;
        _rechecks = clock.CreateTimer(_ => LookAgain(), null, s_recheck, s_recheck);
    }

    /// <summary>What the identity may see now; null when it is none any more.</summary>
    public required Func<CancellationToken, Task<Grants?>> Rights { get; init; }

    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(() => End(WebSocketCloseStatus.EndpointUnavailable, "Platz stops."));
        var (receiving, sending) = (ReceiveAsync(_end.Token), SendAsync(_end.Token));
        await Task.WhenAny(receiving, sending);
        if (sending.Exception?.InnerException is { } fault and not (WebSocketException or IOException))
        {
            LogFailed(_log, fault);
            End(ServiceRestart, "Changes may have been missed.");
        }

        End(WebSocketCloseStatus.NormalClosure, "");
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // two messages at once are not allowed
        await CloseAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the client's farewell
    }

    public ValueTask DisposeAsync()
    {
        _changes.Heard -= Hear;
        lock (_ending)
        {
            _isDisposed = true; // whoever tells of a change may still be on the way here
            _end.Dispose();
        }

        return _rechecks.DisposeAsync();
    }

    /// <summary>On the thread that listens: nothing here may wait.</summary>
    private void Hear(Change? change)
    {
        if (change is null)
        {
            End(ServiceRestart, "Changes may have been missed.");
            return;
        }

        if (EventScope.IsAboutRights(change, _own))
        {
            LookAgain();
        }

        if (!_subscriptions.Include(change.Table, change.EnvId))
        {
            return;
        }

        if (RowEvent.Of(change) is not { } events)
        {
            End(ServiceRestart, "Too many rows have changed to name them.");
            return;
        }

        foreach (var one in events)
        {
            if (!_waiting.Writer.TryWrite(one))
            {
                End(TryAgainLater, "Too slow.");
                return;
            }
        }
    }

    private void LookAgain()
    {
        _isStale = true;
        _waiting.Writer.TryWrite(null); // where nothing else wakes the sender
    }

    /// <summary>The first reason is told; a client that does not take leave in time after it is cut off.</summary>
    private void End(WebSocketCloseStatus status, string why)
    {
        lock (_ending)
        {
            if (_closing is null && !_isDisposed)
            {
                _closing = (status, why);
                _waiting.Writer.TryComplete();
                _end.CancelAfter(s_patience);
            }
        }
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        var grants = Grants.None;
        await foreach (var one in _waiting.Reader.ReadAllAsync(cancel))
        {
            if (_isStale)
            {
                _isStale = false;
                if (await Rights(cancel) is not { } now)
                {
                    End(WebSocketCloseStatus.PolicyViolation, "The token is not valid any more.");
                    return;
                }

                grants = now;
            }

            if (one is not null && _subscriptions.Include(one.Table, one.EnvId) && grants.Sees(one.Table, one.EnvId))
            {
                await _socket.SendAsync(
                    JsonSerializer.SerializeToUtf8Bytes(one, EventJson.Default.RowEvent), WebSocketMessageType.Text,
                    endOfMessage: true, cancel);
            }
        }
    }

    private async Task ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new byte[LongestRequest];
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (part.MessageType is WebSocketMessageType.Close)
            {
                return;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                Take(buffer.AsSpan(0, length));
                length = 0;
            }
            else if (length == buffer.Length)
            {
                End(WebSocketCloseStatus.MessageTooBig, "A request is short.");
                return;
            }
        }
    }

    /// <summary>What cannot be read is ignored, as upstream does.</summary>
    private void Take(ReadOnlySpan<byte> message)
    {
        if (Parse(message) is not { Table: { } table } request || !EventScope.Has(table))
        {
            return;
        }

        Subscription[] asked = [new(table, request.EnvId)];
        _subscriptions = request.Type switch
        {
            "subscribe" => _subscriptions.With(asked) ?? _subscriptions,
            "unsubscribe" => _subscriptions.Without(asked),
            _ => _subscriptions,
        };
    }

    private static EventRequest? Parse(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, EventJson.Default.EventRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task CloseAsync()
    {
        var (status, why) = _closing!.Value;
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(status, why, _end.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            LogGone(_log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "A client could not be told of a change")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(LogLevel.Debug, "An event client went without a word: {Reason}")]
    private static partial void LogGone(ILogger log, string reason);
}
