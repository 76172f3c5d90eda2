using Platz.Core.Data;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Maintenance;

namespace Platz.Runner;

/// <summary>Before the first claim: the schema is up to date, and what is configured is known and told.</summary>
internal sealed partial class Preparation(
    Migrator migrator, ConfiguredClusters clusters, RunnerSettings settings, TimeProvider clock, ILogger<Preparation> log)
    : IHostedService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + s_patience;
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                await clusters.SaveAsync(cancellationToken);
                await settings.TellAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (DatabaseRetry.IsTransient(e) && clock.GetUtcNow() < until)
            {
                LogWaiting(e.Message);
                await Task.Delay(s_pause, clock, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
    private partial void LogWaiting(string reason);
}
