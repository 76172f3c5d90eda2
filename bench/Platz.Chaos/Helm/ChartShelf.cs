using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platz.Chaos.Helm;

/// <summary>Debian's docker-registry on a free port, with one chart in it that helm has pushed.</summary>
internal sealed partial class ChartShelf : IAsyncDisposable
{
    private readonly Process _server;
    private readonly Task _rest;

    private ChartShelf(Process server, string host)
    {
        (_server, Host) = (server, host);
        _rest = server.StandardError.BaseStream.CopyToAsync(Stream.Null); // or it would block once the pipe is full
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    public string Url => $"http://{Host}/charts";

    public static async Task<ChartShelf> OpenAsync(string helm, string chart, string folder, CancellationToken cancel)
    {
        var config = Path.Combine(folder, "registry.yml");
        await File.WriteAllTextAsync(config, $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{folder}}/registry } }
            http: { addr: "127.0.0.1:0" }
            """, cancel);
        var server = Process.Start(
            new ProcessStartInfo("docker-registry", ["serve", config]) { RedirectStandardError = true })!;
        var shelf = new ChartShelf(server, await ListeningAsync(server.StandardError, cancel));
        await RunAsync(helm, ["package", chart, "--destination", folder], folder, cancel);
        var package = Directory.GetFiles(folder, "*.tgz").Single();
        await RunAsync(helm, ["push", package, $"oci://{shelf.Host}/charts", "--plain-http"], folder, cancel);
        return shelf;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        await _rest;
        _server.Dispose();
    }

    /// <summary>Its folders are ours for the time, so that nobody's own logins and plugins are touched.</summary>
    private static async Task RunAsync(string helm, string[] arguments, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(helm, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in new[] { "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME" })
        {
            start.Environment[name] = Path.Combine(folder, "helm");
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"helm {string.Join(' ', arguments)} failed: {await output}{await errors}");
        }
    }

    private static async Task<string> ListeningAsync(StreamReader log, CancellationToken cancel)
    {
        while (await log.ReadLineAsync(cancel) is { } line)
        {
            if (Listening.Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException("docker-registry ended before it listened.");
    }

    [GeneratedRegex(@"msg=""listening on (127\.0\.0\.1:\d+)""")]
    private static partial Regex Listening { get; }
}
