using k8s.Autorest;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Runner.Operations;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>
/// Renews the credentials of deployments when a third of their time is over. Each deployment fails on its own: one
/// without a namespace keeps no other from its token.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class CredentialRefreshJob(
    ClusterConnections clusters, IDbContextFactory<PlatzDb> databases, DeploymentCredentials credentials,
    Exclusive exclusive, IOptions<RunnerOptions> options, TimeProvider clock, ILogger<CredentialRefreshJob> log) : IJob
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var id in await clusters.ServedAsync(cancellationToken))
        {
            await exclusive.RunAsync($"credentials/{id}", cancel => RefreshAsync(id, cancel), cancellationToken);
        }
    }

    private async Task RefreshAsync(Guid clusterId, CancellationToken cancel)
    {
        var due = await DueAsync(clusterId, cancel);
        if (due.Count == 0)
        {
            return;
        }

        try
        {
            var cluster = await clusters.ConnectAsync(clusterId, cancel);
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
                async (deployment, stop) => await RefreshAsync(cluster, deployment, stop));
        }
        catch (Core.Catalog.EnvelopeException e)
        {
            LogUnreachable(clusterId, e.Message);
        }
    }

    /// <summary>Only what is installed: where nothing is, there is nobody to give a token to.</summary>
    private async Task<List<Deployment>> DueAsync(Guid clusterId, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + (options.Value.CredentialsLifetime * 2 / 3);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Deployments.AsNoTracking()
            .Where(d => d.ClusterId == clusterId && d.DeletedAt == null && d.RevisionId != null)
            .Where(d => !db.Credentials.Any(c => c.DeploymentId == d.Id && c.ExpiresAt > until))
            .ToListAsync(cancel);
    }

    private async Task RefreshAsync(ClusterConnection cluster, Deployment deployment, CancellationToken cancel)
    {
        try
        {
            var ns = await cluster.CallAsync(
                (c, stop) => c.FindNamespaceAsync(deployment.Namespace, stop), s_patience, Ignore, cancel);
            if (ns is null || !ns.BelongsTo(deployment.Id) || ns.Metadata.DeletionTimestamp is not null)
            {
                LogNoNamespace(deployment.Namespace, cluster.Name);
                return;
            }

            await cluster.CallAsync(
                async (c, stop) =>
                {
                    await c.EnsureRightsAsync(deployment.Namespace, s_patience, stop);
                    return true;
                },
                s_patience, Ignore, cancel);
            await credentials.GiveAsync(
                deployment.Id, deployment.Namespace, call => cluster.CallAsync(call, s_patience, Ignore, cancel), cancel);
        }
        catch (Exception e) when (e is HttpOperationException or OperationException or InvalidOperationException
            or Npgsql.NpgsqlException)
        {
            LogNotRenewed(deployment.Namespace, cluster.Name, ClusterError.Reason(e));
        }
    }

    private static Task Ignore(DateTimeOffset since, string reason) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Credentials on cluster {Cluster} could not be renewed: {Reason}")]
    private partial void LogUnreachable(Guid cluster, string reason);

    [LoggerMessage(LogLevel.Warning, "The credentials of {Namespace} on {Cluster} were not renewed: it has no namespace")]
    private partial void LogNoNamespace(string @namespace, string cluster);

    [LoggerMessage(LogLevel.Warning, "The credentials of {Namespace} on {Cluster} were not renewed: {Reason}")]
    private partial void LogNotRenewed(string @namespace, string cluster, string reason);
}
