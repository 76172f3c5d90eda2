using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Platz.Sandbox.Faults;

namespace Platz.Sandbox.Http;

/// <summary>
/// Kestrel's own sockets, but able to stop listening for a while: connections are then truly refused.
/// </summary>
internal sealed class RefusingTransport(SocketTransportFactory sockets, FaultSwitches faults, TimeProvider clock)
    : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var inner = await sockets.BindAsync(endpoint, cancellationToken);
        return new Listener(inner, sockets, faults, clock);
    }

    private sealed class Listener : IConnectionListener
    {
        private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

        private readonly SocketTransportFactory _sockets;
        private readonly FaultSwitches _faults;
        private readonly TimeProvider _clock;
        private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = [];
        private IConnectionListener _inner;
        private volatile bool _stopped;

        public Listener(
            IConnectionListener inner, SocketTransportFactory sockets, FaultSwitches faults, TimeProvider clock)
        {
            (_inner, _sockets, _faults, _clock) = (inner, sockets, faults, clock);
            EndPoint = inner.EndPoint;
            faults.Refusing += Refuse;
        }

        public EndPoint EndPoint { get; }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (!_stopped)
            {
                if (await _inner.AcceptAsync(cancellationToken) is { } connection)
                {
                    _connections[connection] = true;
                    connection.ConnectionClosed.Register(() => _connections.TryRemove(connection, out _));
                    return connection;
                }

                await ListenAgainAsync(cancellationToken);
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _stopped = true;
            _faults.Refusing -= Refuse;
            return _inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _stopped = true;
            return _inner.DisposeAsync();
        }

        private async Task ListenAgainAsync(CancellationToken cancel)
        {
            while (!_stopped && _faults.RefusedUntil - _clock.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left < s_step ? left : s_step, _clock, cancel);
            }

            if (!_stopped)
            {
                _inner = await _sockets.BindAsync(EndPoint, cancel);
            }
        }

        private void Refuse()
        {
            _ = _inner.UnbindAsync(CancellationToken.None).AsTask();
            foreach (var connection in _connections.Keys)
            {
                connection.Abort(new ConnectionAbortedException("a sandbox fault switch is on"));
            }
        }
    }
}
