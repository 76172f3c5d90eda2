using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Platz.Sandbox;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Ingress;
using Platz.Sandbox.Kubelet;

namespace Platz.Tests.Support;

/// <summary>
/// A sandbox in this process on a free port, with its own data folder: its address, its admin's kubeconfig, its fault
/// switches and the ledger of its helm runs. Runs helm 3 unless told otherwise.
/// </summary>
public sealed class SandboxServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platz-sandbox-test-").FullName;
    private SandboxHost? _host;

    /// <summary>Changes the options before the sandbox starts, at every start.</summary>
    public Action<SandboxOptions>? Configure { get; init; }

    public string Url => Host.Url;

    public string AdminToken => Host.AdminToken;

    public string KubeconfigText => Host.KubeconfigText;

    /// <summary>The same as a file, for kubectl and helm.</summary>
    public string KubeconfigFile => Path.Combine(_folder, "kubeconfig");

    /// <summary>Where the hosts of Ingress objects are served: <c>127.0.0.1:port</c>.</summary>
    public string IngressAddress => Host.IngressAddress;

    /// <summary>The PEM of the authority that signs their certificates.</summary>
    public string IngressCaFile => Path.Combine(_folder, "ingress.pem");

    /// <summary>The requests to the ingress so far.</summary>
    public IReadOnlyList<IngressCall> IngressCalls => Host.IngressLedger.Calls;

    public FaultSwitches Faults => Host.Faults;

    public HelmLedger Ledger => Host.Ledger;

    public SandboxHost Host => _host ?? throw new InvalidOperationException("The sandbox has not been started.");

    /// <summary>A folder that goes with the server.</summary>
    public string Folder => _folder;

    public async ValueTask InitializeAsync()
    {
        var options = new SandboxOptions
        {
            Data = Path.Combine(_folder, "data"),
            KubeconfigFile = KubeconfigFile,
            IngressFile = Path.Combine(_folder, "ingress"),
            HelmBinary = HelmBinaries.Helm3,
            StartDelay = TimeSpan.FromMilliseconds(100),
            PhaseDelay = TimeSpan.FromMilliseconds(50),
            RetryDelay = TimeSpan.FromMilliseconds(200),
            CrashBackoff = TimeSpan.FromMilliseconds(200),
            NamespaceDelay = TimeSpan.FromMilliseconds(100),
        };
        Configure?.Invoke(options);
        _host = await SandboxHost.StartAsync(options, CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        _host = null;
    }

    /// <summary>Stops and starts again on the same data; the address changes unless the options fix the port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    /// <summary>A client that trusts the sandbox and carries this token; the admin's by default, none when empty.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(TrustingHandler()) { BaseAddress = new Uri(Url) };
        if (token is not "")
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AdminToken);
        }

        return client;
    }

    /// <summary>A client that finds every host at the ingress, and trusts it as far as its certificates go.</summary>
    public HttpClient IngressClient(string host)
    {
        var handler = TrustingHandler();
        handler.AllowAutoRedirect = false;
        handler.ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPEndPoint.Parse(IngressAddress), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://{host}") };
    }

    /// <summary>Waits until a call shows what is awaited.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> holds, CancellationToken cancel)
    {
        using var client = Client();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        JsonNode? seen = null;
        while (!deadline.IsCancellationRequested)
        {
            var text = await client.GetStringAsync(new Uri(path, UriKind.Relative), cancel);
            seen = JsonNode.Parse(text)!;
            if (holds(seen))
            {
                return seen;
            }

            await Task.Delay(20, cancel);
        }

        throw new TimeoutException($"{path} never came to show what was awaited; last: {seen}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await StopAsync();
        }

        await RemoveFolderAsync();
    }

    private SocketsHttpHandler TrustingHandler()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509Certificate2.CreateFromPem(Host.AuthorityPem) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return handler;
    }

    /// <summary>A helm process that was just killed may still be taking its own folder away.</summary>
    private async Task RemoveFolderAsync()
    {
        for (var attempt = 1; Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(20);
            }
        }
    }
}
