using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platz.Bench.Circuits;

/// <summary>The web process, as an installation runs it, on a free port and with a signed-in visitor.</summary>
internal sealed class WebProcess : IAsyncDisposable
{
    /// <summary>As this program was built: Release, where it is to say anything.</summary>
    public static readonly string Build = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Beside this program, built as it was.</summary>
    public static readonly string Program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../..", "Platz.Web/bin", Build, "net10.0/Platz.Web.dll"));

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private WebProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where <see cref="StartupHook"/> writes.</summary>
    public static string HeapFile { get; } = Path.Combine(Path.GetTempPath(), $"platz-bench-{Environment.ProcessId}");

    public Uri Url { get; }

    public int Pid => _process.Id;

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Follows no redirects and keeps no cookies.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public string Cookie { get; private set; } = "";

    /// <param name="connectionString">Of a migrated database.</param>
    public static Task<WebProcess> StartAsync(string connectionString, CancellationToken cancel) =>
        StartAsync(Program, connectionString, cancel);

    /// <inheritdoc cref="StartAsync(string, CancellationToken)"/>
    /// <param name="program">A <c>Platz.Web.dll</c>, with what belongs to it.</param>
    public static async Task<WebProcess> StartAsync(string program, string connectionString, CancellationToken cancel)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var started = Stopwatch.GetTimestamp();
        var web = new WebProcess(Start(program, null, connectionString, url), url);
        await web.AwaitAsync(cancel);
        web.ReadyAfter = Stopwatch.GetElapsedTime(started);
        var link = (await RunAsync("sign-in-link", connectionString, cancel)).Trim();
        using var signedIn = await web.Client.GetAsync(new Uri(url, link), cancel);
        web.Cookie = string.Join("; ", signedIn.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        web.Client.DefaultRequestHeaders.Add("Cookie", web.Cookie);
        return web;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(HeapFile);
    }

    private async Task AwaitAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        while (!_process.HasExited)
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri(Url, "/healthz/ready"), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // not yet
            }

            await Task.Delay(20, limit.Token);
        }

        throw new InvalidOperationException($"The web process ended with exit code {_process.ExitCode}.");
    }

    private static async Task<string> RunAsync(string command, string connectionString, CancellationToken cancel)
    {
        using var process = Start(Program, command, connectionString, url: null);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"Platz.Web {command} ended with exit code {process.ExitCode}: {output}");
    }

    private static Process Start(string program, string? command, string connectionString, Uri? url)
    {
        var start = new ProcessStartInfo("dotnet", command is null ? [program] : [program, command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Platz"] = connectionString;
        start.Environment["Limits__OpenPages"] = start.Environment["Limits__ConnectionsPerMinute"] = "100000";
        start.Environment["Secrets__KeyFile"] = BenchDatabase.KeyFile;
        if (url is not null)
        {
            start.Environment["ASPNETCORE_URLS"] = url.ToString();
            start.Environment["Logging__LogLevel__Default"] = "Warning";
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment["PLATZ_BENCH_MEMORY"] = HeapFile;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        if (url is not null)
        {
            process.BeginOutputReadLine(); // it is read, lest the process waits for that, and thrown away
        }

        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
