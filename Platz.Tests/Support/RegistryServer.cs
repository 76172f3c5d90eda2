using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platz.Tests.Support;

/// <summary>
/// Debian's docker-registry on a free port with an empty store: the real thing that charts are pushed to.
/// </summary>
public sealed partial class RegistryServer : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private Process? _server;
    private Task _rest = Task.CompletedTask;

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    /// <summary>A client that speaks the protocol without any code of ours.</summary>
    public HttpClient Http { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var config = _folder.File("config.yml");
        await File.WriteAllTextAsync(config, $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{_folder.File("data")}} }, delete: { enabled: true } }
            http: { addr: "127.0.0.1:0" }
            """);
        var start = new ProcessStartInfo("docker-registry", ["serve", config]) { RedirectStandardError = true };
        _server = Process.Start(start) ?? throw new InvalidOperationException("docker-registry did not start.");
        Host = await ListeningAsync(_server.StandardError).WaitAsync(s_patience);
        _rest = _server.StandardError.BaseStream.CopyToAsync(Stream.Null); // or it would block once the pipe is full
        Http.BaseAddress = new Uri($"http://{Host}/");
        (await Http.GetAsync("/v2/")).EnsureSuccessStatusCode();
    }

    /// <summary>Packages a chart's folder and pushes it, both with helm: <c>path/name:version</c>.</summary>
    public async Task PushAsync(string chartFolder, string path, CancellationToken cancel)
    {
        using var folder = new TempFolder();
        await Helm.RunAsync(HelmBinaries.Helm3, ["package", chartFolder, "--destination", folder.Path], cancel);
        var package = Directory.GetFiles(folder.Path, "*.tgz").Single();
        await Helm.RunAsync(HelmBinaries.Helm3, ["push", package, $"oci://{Host}/{path}", "--plain-http"], cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            await _rest;
            _server.Dispose();
        }

        Http.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> ListeningAsync(StreamReader log)
    {
        var read = new List<string>();
        while (await log.ReadLineAsync() is { } line)
        {
            read.Add(line);
            if (Listening.Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException($"docker-registry ended: {string.Join('\n', read)}");
    }

    [GeneratedRegex(@"msg=""listening on (127\.0\.0\.1:\d+)""")]
    private static partial Regex Listening { get; }
}
