using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Platz.Tests.Support;

/// <summary>An HTTPS server that behaves as badly as a test wants: it gets the stream once the request's head was read.</summary>
public sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _connections;

    private TlsServer(X509Certificate2 certificate, string ca, Func<Stream, CancellationToken, Task> answer)
    {
        (_certificate, CaPem, _answer) = (certificate, ca, answer);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public string CaPem { get; }

    public int Connections => _connections;

    /// <summary>The heads of the requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public static TlsServer Start(
        string host, Func<Stream, CancellationToken, Task> answer, TimeSpan? validFor = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=test ca", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(ca, now.AddDays(-1), now + (validFor ?? TimeSpan.FromDays(1)), [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        return new TlsServer(
            X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null), ca.ExportCertificatePem(), answer);
    }

    public static TlsServer Answering(string host, string head, string body = "") =>
        Start(host, (stream, cancel) => stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {head}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), cancel).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop(); // after the loop, which may be between two connections
        _certificate.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            using (client)
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                if (await HeadAsync(tls) is { Length: > 0 } head)
                {
                    Requests.Enqueue(head);
                    await _answer(tls, _end.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // the client has gone away, as it should
        }
    }

    private async Task<string> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _end.Token) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
