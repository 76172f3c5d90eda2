using System.Net;
using System.Net.Sockets;

namespace Platz.Tests.Support;

/// <summary>What becomes of one exchange between a client and its server.</summary>
public enum WireFault
{
    /// <summary>The server never hears of it.</summary>
    Unsent,

    /// <summary>The server does it; the connection breaks before it answers.</summary>
    Unanswered,

    /// <summary>The server does it; nobody says anything for five seconds, then the connection breaks.</summary>
    Silent,
}

/// <summary>
/// Stands between a client and its server, and breaks one of their exchanges: something said by the client after
/// something said by the server, on any connection, TLS or not.
/// </summary>
public sealed class FaultyWire : IAsyncDisposable
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private readonly EndPoint _server;
    private readonly Task _accepting;
    private (int Exchange, WireFault Fault)? _armed;
    private int _exchanges;

    public FaultyWire(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many there have been since it was armed.</summary>
    public int Exchanges => Volatile.Read(ref _exchanges);

    /// <summary>Whether the fault is still to come.</summary>
    public bool IsArmed
    {
        get
        {
            lock (_gate)
            {
                return _armed is not null;
            }
        }
    }

    /// <summary>Counts from 1 again, and breaks this one; null breaks none.</summary>
    public void Arm((int Exchange, WireFault Fault)? fault)
    {
        lock (_gate)
        {
            (_armed, _exchanges) = (fault, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_closed.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // it was closed
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, _closed.Token);
                var line = new Line(client, server);
                await Task.WhenAny(AskAsync(line), AnswerAsync(line));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // as if there were no server
            }
        }
    }

    private async Task AskAsync(Line line)
    {
        var buffer = new byte[64 * 1024];
        while (await line.Client.ReceiveAsync(buffer, _closed.Token) is > 0 and var count)
        {
            if (!line.IsAsking)
            {
                line.IsAsking = true;
                line.Fault = Next();
            }

            if (line.Fault is WireFault.Unsent)
            {
                return;
            }

            await SendAsync(line.Server, buffer.AsMemory(0, count));
        }
    }

    private async Task AnswerAsync(Line line)
    {
        var buffer = new byte[64 * 1024];
        while (await line.Server.ReceiveAsync(buffer, _closed.Token) is > 0 and var count)
        {
            line.IsAsking = false;
            if (line.Fault is { } fault)
            {
                await Task.Delay(fault is WireFault.Silent ? s_silence : TimeSpan.Zero, TimeProvider.System, _closed.Token);
                return;
            }

            await SendAsync(line.Client, buffer.AsMemory(0, count));
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, _closed.Token)..];
        }
    }

    private WireFault? Next()
    {
        lock (_gate)
        {
            if (++_exchanges != _armed?.Exchange)
            {
                return null;
            }

            var fault = _armed.Value.Fault;
            _armed = null;
            return fault;
        }
    }

    private sealed class Line(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        public bool IsAsking { get; set; }

        public WireFault? Fault { get; set; }
    }
}
