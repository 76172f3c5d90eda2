using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Platz.Sandbox.Controllers;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Http;
using Platz.Sandbox.Ingress;
using Platz.Sandbox.Kubelet;
using Platz.Sandbox.Store;

namespace Platz.Sandbox;

/// <summary>A running sandbox: the API on a loopback port, the controllers and the node behind it.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxOptions _options;

    private SandboxHost(WebApplication app, SandboxOptions options)
    {
        _app = app;
        _options = options;
    }

    public string Url => _app.Services.GetRequiredService<ServerAddress>().Url;

    public string AdminToken => _app.Services.GetRequiredService<Tokens>().Admin;

    /// <summary>A kubeconfig of the admin.</summary>
    public string KubeconfigText => Kubeconfig.Text(_options.Name, Url, AuthorityPem, AdminToken);

    /// <summary>What a client must trust to talk to <see cref="Url"/>.</summary>
    public string AuthorityPem => _app.Services.GetRequiredService<Certificates>().AuthorityPem;

    /// <summary>Where the hosts of Ingress objects are served: <c>127.0.0.1:port</c>.</summary>
    public string IngressAddress => _app.Services.GetRequiredService<IngressServer>().Address;

    /// <summary>What has been asked of the ingress.</summary>
    public IngressLedger IngressLedger => _app.Services.GetRequiredService<IngressLedger>();

    public FaultSwitches Faults => _app.Services.GetRequiredService<FaultSwitches>();

    /// <summary>What has been done over the API, by whom.</summary>
    public AccessLedger AccessLedger => _app.Services.GetRequiredService<AccessLedger>();

    public HelmLedger Ledger => _app.Services.GetRequiredService<HelmLedger>();

    public ObjectStore Store => _app.Services.GetRequiredService<ObjectStore>();

    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        Register(builder.Services, options);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            server.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(server.ApplicationServices.GetRequiredService<Certificates>().Server);
            });
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // Program tells it
        var app = builder.Build();
        app.Services.GetRequiredService<Bootstrap>().Run();
        app.Run(app.Services.GetRequiredService<ApiPipeline>().HandleAsync);
        await app.StartAsync(cancel);
        var host = new SandboxHost(app, options);
        app.Services.GetRequiredService<ServerAddress>().Url = app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        host.WriteAddresses();
        return host;
    }

    /// <summary>Ends with SIGTERM, Ctrl-C or <paramref name="cancel"/>.</summary>
    public Task WaitAsync(CancellationToken cancel) => _app.WaitForShutdownAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private void WriteAddresses()
    {
        if (_options.IngressFile.Length > 0)
        {
            var authority = Path.ChangeExtension(Path.GetFullPath(_options.IngressFile), ".pem");
            WholeFile.Write(authority, AuthorityPem);
            WholeFile.Write(_options.IngressFile, $"{IngressAddress}\n{authority}\n");
        }

        if (_options.KubeconfigFile.Length > 0)
        {
            WholeFile.Write(_options.KubeconfigFile, KubeconfigText);
        }
    }

    private static void Register(IServiceCollection services, SandboxOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new SandboxFolders(options.Data));
        services.AddSingleton<ServerAddress>();
        services.AddSingleton(s => Certificates.Load(s.GetRequiredService<SandboxFolders>().Authority));
        services.AddSingleton(s => new ObjectStore(options.History, s.GetRequiredService<SandboxFolders>().Journal));
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<ObjectDeleter>();
        services.AddSingleton<FaultSwitches>();
        services.AddSingleton(s => new Tokens(Key(s.GetRequiredService<SandboxFolders>().Key), options.Users,
            s.GetRequiredService<ObjectStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s =>
            new HelmLedger(s.GetRequiredService<SandboxFolders>().Ledger, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s =>
            new LogStore(s.GetRequiredService<SandboxFolders>().Logs, s.GetRequiredService<TimeProvider>()));
        RegisterHttp(services);
        RegisterIngress(services);
        RegisterWork(services);
    }

    private static void RegisterHttp(IServiceCollection services)
    {
        services.AddSingleton<AccessLedger>();
        services.AddSingleton<RbacRules>();
        services.AddSingleton<Authorizer>();
        services.AddSingleton<RoleGrants>();
        services.AddSingleton<AdmissionPolicies>();
        services.AddSingleton<WriteChecks>();
        services.AddSingleton<ResourceReads>();
        services.AddSingleton<ResourceWrites>();
        services.AddSingleton<Subresources>();
        services.AddSingleton<WatchStream>();
        services.AddSingleton<PodLogs>();
        services.AddSingleton<Streams>();
        services.AddSingleton<SandboxEndpoints>();
        services.AddSingleton<ApiRoutes>();
        services.AddSingleton<ApiPipeline>();
        services.AddSingleton<IConnectionListenerFactory>(s => new RefusingTransport(
            new SocketTransportFactory(s.GetRequiredService<IOptions<SocketTransportOptions>>(),
                s.GetRequiredService<ILoggerFactory>()),
            s.GetRequiredService<FaultSwitches>(), s.GetRequiredService<TimeProvider>()));
    }

    private static void RegisterIngress(IServiceCollection services)
    {
        services.AddSingleton<IngressLedger>();
        services.AddSingleton<IngressRoutes>();
        services.AddSingleton<IngressPipeline>();
        services.AddSingleton<IngressServer>();
        services.AddSingleton<IngressEndpoints>();
        services.AddHostedService(s => s.GetRequiredService<IngressServer>());
    }

    private static void RegisterWork(IServiceCollection services)
    {
        services.AddSingleton<Bootstrap>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<Owned>();
        services.AddSingleton<Reconcilers>();
        services.AddSingleton<GarbageCollector>();
        services.AddSingleton<NamespaceLifecycle>();
        services.AddSingleton<PodVolumes>();
        services.AddSingleton<HelmPods>();
        services.AddSingleton<KubeletServices>();
        services.AddHostedService<ControllerLoop>();
        services.AddHostedService<NodeAgent>();
    }

    /// <summary>The key that signs tokens; made once, kept with the data.</summary>
    private static byte[] Key(string file)
    {
        if (!File.Exists(file))
        {
            WholeFile.Write(file, RandomNumberGenerator.GetBytes(32));
        }

        return File.ReadAllBytes(file);
    }
}
