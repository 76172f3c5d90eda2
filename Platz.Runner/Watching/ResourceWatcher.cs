using k8s.Autorest;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Runner.Clusters;
using Platz.Runner.Maintenance;
using Platz.Runner.Operations;

namespace Platz.Runner.Watching;

/// <summary>One watch for each cluster this runner serves and no other runner watches already.</summary>
internal sealed partial class ResourceWatcher(
    ClusterConnections clusters, NpgsqlDataSource database, DeploymentSecrets secrets, Exclusive exclusive,
    TimeProvider clock, ILogger<ResourceWatcher> log) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3);

    private readonly Dictionary<Guid, Task> _watches = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(s_look, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_watches.Values);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var id in await clusters.ServedAsync(cancel))
            {
                if (_watches.GetValueOrDefault(id) is null or { IsCompleted: true })
                {
                    _watches[id] = WatchAsync(id, cancel);
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogEnded(Guid.Empty, e.Message); // the database is away; the next look finds it
        }
    }

    private async Task WatchAsync(Guid id, CancellationToken stopping)
    {
        try
        {
            await exclusive.RunAsync(
                $"resource-watch/{id}",
                async cancel =>
                {
                    var cluster = await clusters.ConnectAsync(id, cancel);
                    LogBegins(cluster.Name);
                    await new ClusterWatch(cluster, database, secrets, clock, log).RunAsync(cancel);
                },
                stopping);
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or IOException or NpgsqlException
            or OperationCanceledException or TimeoutException or EnvelopeException or InvalidOperationException
            or k8s.Exceptions.KubeConfigException or k8s.KubernetesException)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogEnded(id, ClusterError.Reason(e));
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Watching what runs on {Cluster}")]
    private partial void LogBegins(string cluster);

    [LoggerMessage(LogLevel.Debug, "The watch on cluster {Cluster} ended and begins anew: {Reason}")]
    private partial void LogEnded(Guid cluster, string reason);
}
