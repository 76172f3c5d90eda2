using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Platz.Runner.Http;

/// <summary>
/// Calls a chart over its ingress, and nothing else: https to a host that we computed, at an address that is checked
/// when it is connected to; no redirect, cookie, proxy or credential of ours but the one given; one connection a call,
/// so that nothing is ever sent twice; bounded in time and size.
/// </summary>
internal static class IngressClient
{
    public const int MaxBody = 64 * 1024;

    private const int MaxHeadersKilobytes = 16;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <exception cref="IngressException">No answer; says whether the request may have arrived all the same.</exception>
    public static async Task<IngressAnswer> SendAsync(
        IngressTarget target, HttpRequestMessage request, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var connection = new IngressConnection(target);
        using var handler = Handler(target, connection);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            using var response = await invoker.SendAsync(request, either.Token);
            var (body, isCut) = await ReadAsync(response, either.Token);
            cancel.ThrowIfCancellationRequested();
            return new IngressAnswer(response.StatusCode, body, isCut);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IngressException(
                $"{target.Host} did not answer within {Timeout.TotalSeconds:0} s", connection.IsReady);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Find(e) ?? new IngressException($"{target.Host} did not answer: {Innermost(e)}", connection.IsReady, e);
        }
    }

    private static SocketsHttpHandler Handler(IngressTarget target, IngressConnection connection) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = MaxHeadersKilobytes,
        MaxResponseDrainSize = 0,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = target.Trust() },
        ConnectCallback = connection.ConnectAsync,
        PlaintextStreamFilter = connection.BeginAsync,
    };

    /// <summary>A chart that has answered has answered: the rest of a body that does not come is left out.</summary>
    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var buffer = new byte[MaxBody + 1];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancel) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            return (buffer[..Math.Min(length, MaxBody)], true);
        }

        return (buffer[..Math.Min(length, MaxBody)], length > MaxBody);
    }

    private static IngressException? Find(Exception? e) => e switch
    {
        null => null,
        IngressException found => found,
        _ => Find(e.InnerException),
    };

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}

/// <param name="IsCut">The body was longer than <see cref="IngressClient.MaxBody"/>, or broke off.</param>
internal sealed record IngressAnswer(HttpStatusCode Status, byte[] Body, bool IsCut)
{
    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    public bool IsRedirect => (int)Status is >= 300 and <= 399;

    /// <summary>In standard words; what the server called it does not count.</summary>
    public string InWords
    {
        get
        {
            using var response = new HttpResponseMessage(Status);
            return $"{(int)Status} {response.ReasonPhrase}".TrimEnd();
        }
    }
}

/// <summary>A call without an answer.</summary>
/// <param name="sent">Whether the request may have arrived; false only where nothing of it can have been sent.</param>
internal sealed class IngressException(string message, bool sent, Exception? cause = null) : Exception(message, cause)
{
    public bool MayHaveArrived => sent;
}

/// <summary>The one connection of a call.</summary>
internal sealed class IngressConnection(IngressTarget target)
{
    private int _connections;

    /// <summary>TLS is up: from here on the request may be on its way.</summary>
    public bool IsReady { get; private set; }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _connections) > 1)
        {
            // The handler would send a request without a body again after a cut connection.
            throw new IngressException($"{target.Host} closed the connection without an answer", sent: true);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (target.EndPoint() is { } chosen
                ? socket.ConnectAsync(chosen, cancel).AsTask()
                : socket.ConnectAsync(await ResolveAsync(cancel), context.DnsEndPoint.Port, cancel).AsTask());
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask<Stream> BeginAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancel)
    {
        IsReady = true;
        return ValueTask.FromResult(context.PlaintextStream);
    }

    /// <summary>The very addresses that were checked are connected to; the name is not looked up again.</summary>
    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancel)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(target.Host, cancel);
        }
        catch (SocketException e)
        {
            throw new IngressException($"{target.Host} is not known: {e.Message}", sent: false, e);
        }

        foreach (var address in addresses)
        {
            if (!AddressRules.Allows(address, target.Ranges))
            {
                throw new IngressException(
                    $"{target.Host} leads to {address}: that address is not allowed. A site admin may name the private "
                    + "ranges of the cluster's ingress.", sent: false);
            }
        }

        return addresses;
    }
}
