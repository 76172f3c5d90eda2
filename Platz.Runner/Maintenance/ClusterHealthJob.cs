using k8s;
using k8s.Autorest;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Runner.Clusters;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>Asks each cluster whether it is there, so that pages can say so before anybody deploys to it.</summary>
[DisallowConcurrentExecution]
internal sealed class ClusterHealthJob(
    ClusterConnections clusters, IDbContextFactory<PlatzDb> databases, Exclusive exclusive, TimeProvider clock) : IJob
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var id in await clusters.ServedAsync(cancellationToken))
        {
            await exclusive.RunAsync($"cluster-health/{id}", cancel => CheckAsync(id, cancel), cancellationToken);
        }
    }

    private async Task CheckAsync(Guid id, CancellationToken cancel)
    {
        var trouble = await TroubleAsync(id, cancel);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Clusters.Where(c => c.Id == id && (c.IsOk != (trouble == null) || c.NotOkReason != trouble))
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.IsOk, trouble == null).SetProperty(c => c.NotOkReason, trouble), cancel);
        if (trouble is null)
        {
            await db.Clusters.Where(c => c.Id == id && c.LastSeenAt < now - TimeSpan.FromMinutes(5))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.LastSeenAt, now), cancel);
        }
    }

    private async Task<string?> TroubleAsync(Guid id, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_patience);
        try
        {
            var connection = await clusters.ConnectAsync(id, limit.Token);
            await connection.Client.Version.GetCodeAsync(limit.Token);
            return null;
        }
        catch (HttpOperationException e)
        {
            return ClusterError.Message(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or Core.Catalog.EnvelopeException
            or k8s.Exceptions.KubeConfigException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return ClusterError.Reason(e);
        }
    }
}
