using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platz.Runner;

namespace Platz.Tests.Support;

/// <summary>A runner in this process, configured as the real one is.</summary>
public sealed class RunnerHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RunnerHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    /// <param name="log">Takes what it logs: our own lines at every level.</param>
    public static async Task<RunnerHost> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancel, LogCapture? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(log is null ? LogLevel.Warning : LogLevel.Trace);
        if (log is not null)
        {
            builder.Logging.AddProvider(log).AddFilter("Microsoft", LogLevel.Information)
                .AddFilter("Quartz", LogLevel.Information);
        }

        builder.Services.AddPlatzRunner(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync(cancel);
        return new RunnerHost(host);
    }

    /// <summary>As SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
