using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Platz.Bench.Circuits;

/// <summary>
/// One open page without a browser: speaks Blazor Server's circuit protocol, takes every render batch as applied as soon
/// as it comes, and looks into it for no more than a text.
/// </summary>
internal sealed class Circuit : IAsyncDisposable
{
    /// <summary>Anything, well within the half minute after which the server takes a silent client for gone.</summary>
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(10);

    private readonly WebProcess _web;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _gone = new();
    private Task _receiving = Task.CompletedTask;
    private byte[] _buffer = new byte[16 * 1024];
    private byte[] _wanted = [];
    private TaskCompletionSource<long> _found = new();
    private CircuitPage? _page;
    private string _id = "";

    private Circuit(WebProcess web) => _web = web;

    /// <summary>Batches and bytes of them so far.</summary>
    public long Batches { get; private set; }

    public long Bytes { get; private set; }

    /// <param name="text">Is on the page as soon as the page is there.</param>
    public static async Task<Circuit> OpenAsync(WebProcess web, Uri address, string text, CancellationToken cancel)
    {
        var circuit = new Circuit(web);
        circuit._page = await CircuitPage.GetAsync(web.Client, address, cancel);
        var origin = address.GetLeftPart(UriPartial.Authority);
        circuit._socket.Options.SetRequestHeader("Cookie", web.Cookie);
        circuit._socket.Options.SetRequestHeader("Origin", origin);
        await circuit._socket.ConnectAsync(new Uri($"{origin.Replace("http", "ws", StringComparison.Ordinal)}/_blazor"), cancel);
        await circuit.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        var answer = await circuit.ReceiveAsync();
        if (!answer.Span.SequenceEqual("{}\u001e"u8))
        {
            throw new InvalidDataException($"The hub refused: {Encoding.UTF8.GetString(answer.Span)}");
        }

        var ready = circuit.ExpectAsync(text);
        circuit._receiving = circuit.RunAsync();
        await circuit.SendAsync(PackWriter.Invocation("0", "StartCircuit", $"{origin}/", address.ToString(), "[]", ""));
        await ready.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        return circuit;
    }

    /// <summary>When a text comes, as <see cref="Stopwatch.GetTimestamp"/>; one at a time.</summary>
    public Task<long> ExpectAsync(string text)
    {
        _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _wanted, Encoding.UTF8.GetBytes(text));
        return _found.Task;
    }

    /// <summary>As a browser that leaves the page: the server forgets the circuit at once, not after minutes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var id = new MultipartFormDataContent { { new StringContent(_id), "circuitId" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_page!.Address, "/_blazor/disconnect"))
        {
            Content = id,
            Headers = { { "Origin", _page.Address.GetLeftPart(UriPartial.Authority) } },
        };
        using var answer = await _web.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await _gone.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
        _gone.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var pinging = PingAsync();
            while (true)
            {
                foreach (var answer in Read((await ReceiveAsync()).Span))
                {
                    await SendAsync(answer);
                }
            }
        }
        catch (Exception) when (_gone.IsCancellationRequested)
        {
            // closed
        }
        catch (Exception e)
        {
            _found.TrySetException(e);
        }
    }

    /// <summary>What is to be sent for what came.</summary>
    private List<byte[]> Read(ReadOnlySpan<byte> frames)
    {
        var answers = new List<byte[]>();
        while (PackReader.TryTake(ref frames, out var message))
        {
            message.Array();
            switch (message.Number())
            {
                case 1:
                    message.Headers();
                    message.Bytes();
                    ReadCall(message.Text(), message, answers);
                    break;
                case 3: // the circuit is there: now its components
                    message.Headers();
                    message.Bytes();
                    message.Number();
                    _id = message.Text();
                    answers.Add(PackWriter.Invocation(null, "UpdateRootComponents", _page!.Operations, _page.State));
                    break;
                case 7:
                    throw new InvalidDataException($"The server closed the circuit: {message.Text()}");
            }
        }

        return answers;
    }

    private void ReadCall(string method, PackReader message, List<byte[]> answers)
    {
        message.Array();
        switch (method)
        {
            case "JS.RenderBatch":
                var batch = message.Number();
                Take(message.Bytes());
                answers.Add(PackWriter.Invocation(null, "OnRenderCompleted", batch, null));
                break;
            case "JS.BeginInvokeJS":
                var (handle, name) = (message.Number(), message.Text());
                message.Bytes(); // the arguments
                var answer = BrowserAnswers.Of(name, message.Number(), handle);
                var result = string.Create(CultureInfo.InvariantCulture, $"[{handle},true,{answer}]");
                answers.Add(PackWriter.Invocation(null, "EndInvokeJSFromDotNet", handle, true, result));
                break;
            case "JS.Error":
                throw new InvalidDataException($"The circuit failed: {message.Text()}");
        }
    }

    private void Take(ReadOnlySpan<byte> batch)
    {
        Batches++;
        Bytes += batch.Length;
        var wanted = Volatile.Read(ref _wanted);
        if (wanted.Length > 0 && batch.IndexOf(wanted) >= 0)
        {
            _wanted = [];
            _found.TrySetResult(Stopwatch.GetTimestamp());
        }
    }

    private async Task PingAsync()
    {
        while (!_gone.IsCancellationRequested)
        {
            await Task.Delay(s_ping, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_socket.State is WebSocketState.Open)
            {
                await SendAsync(PackWriter.Ping());
            }
        }
    }

    private async Task SendAsync(byte[] message)
    {
        await _sending.WaitAsync(_gone.Token);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _gone.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        for (var length = 0; ;)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _gone.Token);
            length += part.Count;
            if (part.MessageType is WebSocketMessageType.Close)
            {
                throw new InvalidDataException($"The server hung up: {_socket.CloseStatusDescription}");
            }

            if (part.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }

            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            }
        }
    }
}
