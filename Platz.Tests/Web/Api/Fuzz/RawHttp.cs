using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Speaks HTTP/1.1 over one connection after another, and keeps each as long as the server does.</summary>
internal sealed class RawHttp(Uri server) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private TcpClient? _connection;
    private NetworkStream? _stream;
    private int _begin;
    private int _end;

    public async Task<RawAnswer> SendAsync(FuzzRequest request, CancellationToken cancel)
    {
        var isKept = _connection is not null;
        var answer = await AskAsync(request, cancel);
        return answer.Status == 0 && isKept ? await AskAsync(request, cancel) : answer; // ended in between
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private async Task<RawAnswer> AskAsync(FuzzRequest request, CancellationToken cancel)
    {
        if (_connection is null)
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync(server.Host, server.Port, cancel);
            _stream = _connection.GetStream();
            (_begin, _end) = (0, 0);
        }

        var answer = await WriteAsync(request, cancel) ? await ReadAsync(cancel) : RawAnswer.None;
        if (answer.Closes || request.Missing > 0 || request.IsChunked)
        {
            Dispose();
        }

        return answer;
    }

    /// <returns>Status 0 where the server has closed without a word.</returns>
    private async Task<RawAnswer> ReadAsync(CancellationToken cancel)
    {
        if (await LineAsync(cancel) is not { Length: > 12 } first)
        {
            return RawAnswer.None;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(cancel) is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }

        var status = int.Parse(first.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var body = new StringBuilder();
        if (headers.TryGetValue("Content-Length", out var length))
        {
            await TakeAsync(int.Parse(length, CultureInfo.InvariantCulture), body, cancel);
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            while (await LineAsync(cancel) is { Length: > 0 } size && size != "0")
            {
                await TakeAsync(int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture), body, cancel);
                await LineAsync(cancel);
            }

            await LineAsync(cancel);
        }

        return new RawAnswer(
            status, headers.GetValueOrDefault("Content-Type", ""), body.ToString(),
            headers.GetValueOrDefault("Connection") == "close");
    }

    private async Task<string?> LineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (await ByteAsync(cancel) is { } next)
        {
            if (next == '\n')
            {
                return line.ToString();
            }

            line.Append(next == '\r' ? "" : (char)next);
        }

        return null;
    }

    private async Task TakeAsync(int count, StringBuilder into, CancellationToken cancel)
    {
        for (; count > 0 && await ByteAsync(cancel) is { } next; count--)
        {
            into.Append((char)next);
        }
    }

    private async ValueTask<byte?> ByteAsync(CancellationToken cancel)
    {
        if (_begin == _end)
        {
            (_begin, _end) = (0, await FillAsync(cancel));
        }

        return _begin == _end ? null : _buffer[_begin++];
    }

    private async Task<bool> WriteAsync(FuzzRequest request, CancellationToken cancel)
    {
        try
        {
            await _stream!.WriteAsync(request.ToBytes(), cancel);
            if (request.Missing > 0)
            {
                _connection!.Client.Shutdown(SocketShutdown.Send);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    private async Task<int> FillAsync(CancellationToken cancel)
    {
        try
        {
            return await _stream!.ReadAsync(_buffer, cancel);
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            return 0;
        }
    }
}

internal sealed record RawAnswer(int Status, string Type, string Body, bool Closes)
{
    public static RawAnswer None { get; } = new(0, "", "", Closes: true);
}
