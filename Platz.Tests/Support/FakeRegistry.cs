using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platz.Tests.Support;

/// <summary>A server that answers as one test wants it, over real sockets, and remembers what it was asked.</summary>
public sealed class FakeRegistry : IAsyncDisposable
{
    private static readonly X509Certificate2 s_certificate = SelfSigned(); // vouched for by nobody

    private readonly WebApplication _app;

    private FakeRegistry(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public Uri Root => new(_app.Urls.Single());

    public static async Task<FakeRegistry> StartAsync(RequestDelegate answer, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(s_certificate);
            }
        }));
        var registry = new FakeRegistry(builder.Build());
        registry._app.Run(context =>
        {
            var path = context.Request.Path + context.Request.QueryString;
            registry.Requests.Enqueue(new SeenRequest(path, context.Request.Headers.Authorization.ToString()));
            return answer(context);
        });
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>Makes a client trust these servers, and no others.</summary>
    public static SocketsHttpHandler Trusting(SocketsHttpHandler handler)
    {
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented?.GetCertHashString() == s_certificate.GetCertHashString();
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync(); // tests leave connections hanging on purpose
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

public sealed record SeenRequest(string Path, string Authorization);
