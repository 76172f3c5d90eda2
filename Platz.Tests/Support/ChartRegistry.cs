using Platz.Tests.Support;

[assembly: AssemblyFixture(typeof(ChartRegistry))]

namespace Platz.Tests.Support;

/// <summary>A real registry with the sample charts in it, pushed by helm.</summary>
public sealed class ChartRegistry : IAsyncLifetime
{
    private readonly RegistryServer _server = new();

    public string Host => _server.Host;

    public string Url => $"http://{_server.Host}/charts";

    public RegistryServer Server => _server;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        foreach (var chart in Directory.GetDirectories(Repository.SampleCharts))
        {
            foreach (var version in Directory.GetDirectories(chart))
            {
                await _server.PushAsync(version, "charts", CancellationToken.None);
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
