using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Runner.Clusters;
using Platz.Runner.Maintenance;
using Quartz;

namespace Platz.Runner.Resources;

/// <summary>
/// Tells charts of the things they are to create, change and delete. A call that may succeed later is sent again, a few
/// times; then it is an error that somebody has to look at.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ResourceSyncJob(
    ClusterConnections clusters, IDbContextFactory<PlatzDb> databases, DeploymentTokens tokens, SensitiveInputs sensitive,
    Exclusive exclusive, TimeProvider clock) : IJob
{
    private const int BatchSize = 64;

    private static readonly TimeSpan s_tokenLifetime = TimeSpan.FromSeconds(60);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var served = await clusters.ServedAsync(cancellationToken);
        await Task.WhenAll(served.Select(id =>
            exclusive.RunAsync($"resources/{id}", cancel => SyncAsync(id, cancel), cancellationToken)));
    }

    /// <summary>Side by side, but of one deployment one after the other.</summary>
    private async Task SyncAsync(Guid clusterId, CancellationToken cancel)
    {
        var due = await DueAsync(clusterId, cancel);
        await Parallel.ForEachAsync(
            due.GroupBy(r => r.DeploymentId), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
            async (resources, stop) =>
            {
                foreach (var resource in resources)
                {
                    await WriteAsync(resource, await CallAsync(resource, stop), stop);
                }
            });
    }

    private async Task<List<DeploymentResource>> DueAsync(Guid clusterId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Resources.FromSql(
            $"""
            SELECT r.* FROM deployment_resources AS r JOIN deployments AS d ON d.id = r.deployment_id
            WHERE r.sync_at <= clock_timestamp() AND d.cluster_id = {clusterId}
            ORDER BY r.sync_at LIMIT {BatchSize}
            """).AsNoTracking().ToListAsync(cancel);
    }

    private async Task<SyncOutcome> CallAsync(DeploymentResource resource, CancellationToken cancel)
    {
        try
        {
            var (call, trouble) = await PrepareAsync(resource, cancel);
            return call is null
                ? SyncOutcome.Refused(trouble)
                : await call.SendAsync(await tokens.CreateAsync(call.Deployment.Id, s_tokenLifetime, cancel), clock, cancel);
        }
        catch (EnvelopeException e)
        {
            return SyncOutcome.Refused(e.Message);
        }
    }

    private async Task<(LifecycleCall? Call, string Trouble)> PrepareAsync(
        DeploymentResource resource, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var deployment = await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == resource.DeploymentId, cancel);
        var revision = await db.Tasks.AsNoTracking().Where(t => t.Id == deployment.RevisionId)
            .Select(t => t.Operation).SingleOrDefaultAsync(cancel);
        if (!deployment.Enabled || revision?.InstalledChartId is not { } chartId)
        {
            return (null, $"{deployment.Namespace} is not installed.");
        }

        var key = await db.ResourceTypes.Where(t => t.Id == resource.TypeId).Select(t => t.Key).SingleAsync(cancel);
        var schema = ChartSchema.Of(await db.Charts.AsNoTracking().SingleAsync(c => c.Id == chartId, cancel));
        var type = schema.ResourceTypes.FirstOrDefault(t => t.Key == key);
        var action = resource.SyncStatus switch
        {
            ResourceSyncStatus.Creating => type?.Create,
            ResourceSyncStatus.Updating => type?.Update,
            _ => type?.Delete,
        };
        if (action?.Target is not { } target)
        {
            return (null, "The chart that is installed now offers no such call.");
        }

        var cluster = await db.Clusters.AsNoTracking().SingleAsync(c => c.Id == deployment.ClusterId, cancel);
        var props = sensitive.Open(InputOwner.Resource(resource.Id), resource.Props);
        return (new LifecycleCall(resource, target, schema.Features, deployment, cluster, props), "");
    }

    /// <summary>Counts only while nobody has changed the resource since: then its change is due on its own.</summary>
    private async Task WriteAsync(DeploymentResource called, SyncOutcome outcome, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var resource = await db.Resources.FromSql($"SELECT * FROM deployment_resources WHERE id = {called.Id} FOR UPDATE")
            .SingleAsync(cancel);
        if (resource.Version != called.Version)
        {
            return;
        }

        if (outcome.Error is null)
        {
            await FinishAsync(db, resource, cancel);
        }
        else
        {
            await FailAsync(db, resource, outcome, cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The next attempt is due by the clock that will judge it: the database's.</summary>
    private static async Task FailAsync(
        PlatzDb db, DeploymentResource resource, SyncOutcome outcome, CancellationToken cancel)
    {
        resource.SyncAttempts++;
        resource.SyncReason = outcome.Error;
        if (outcome.Pause(resource.SyncAttempts) is { } pause)
        {
            resource.SyncAt = await db.Database
                .SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() + {pause} AS "Value" """).SingleAsync(cancel);
            return;
        }

        (resource.FailedSync, resource.SyncStatus, resource.SyncAt) = (resource.SyncStatus, ResourceSyncStatus.Error, null);
    }

    /// <summary>Who uses it follows when the chart has done it, not before (contract 2.4, as for deployments).</summary>
    private static async Task FinishAsync(PlatzDb db, DeploymentResource resource, CancellationToken cancel)
    {
        var was = resource.SyncStatus;
        (resource.SyncStatus, resource.SyncReason, resource.SyncAt) = (ResourceSyncStatus.Ready, null, null);
        resource.SyncAttempts = 0;
        resource.Exists = was is not ResourceSyncStatus.Deleting;
        if (was is not ResourceSyncStatus.Updating)
        {
            return;
        }

        var named = await (
            from deployment in db.Deployments
            join kind in db.Kinds on deployment.KindId equals kind.Id
            join type in db.ResourceTypes on resource.TypeId equals type.Id
            where deployment.Id == resource.DeploymentId
            select new { Kind = kind.Name, deployment.Name, type.Spec }).SingleAsync(cancel);
        var singular = (string?)named.Spec["name_singular"] ?? "Resource";
        var actor = new Actor.Deployment(
            resource.DeploymentId!.Value, named.Name is "" ? named.Kind : $"{named.Kind}/{named.Name}");
        await ResourceUsers.ReinstallAsync(db, resource.Id, $"{singular} {resource.Name} updated", actor, cancel);
    }
}
