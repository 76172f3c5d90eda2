using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platz.Sandbox.Faults;

namespace Platz.Sandbox.Ingress;

/// <summary>
/// Serves the hosts of all Ingress objects over HTTPS, on a loopback port of its own; each gets a certificate of the
/// sandbox's authority.
/// </summary>
internal sealed class IngressServer(
    SandboxOptions options, Certificates certificates, FaultSwitches faults, IngressPipeline pipeline)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary><c>127.0.0.1:port</c>, known once it listens.</summary>
    public string Address { get; private set; } = "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, options.IngressPort, Listen);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // the caller tells
        _app = builder.Build();
        _app.Run(pipeline.AnswerAsync);
        await _app.StartAsync(cancellationToken);
        Address = new Uri(_app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Authority;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Listen(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            if (!faults.Ingress.IsDown)
            {
                return next(connection);
            }

            connection.Abort();
            return Task.CompletedTask;
        });
        listen.UseHttps(https => https.ServerCertificateSelector = (_, host) =>
            certificates.ForHost(host ?? "localhost", faults.Ingress.Certificate));
    }
}
