using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>Removes Helm pods whose task has ended: left behind by a runner that died between outcome and clean-up.</summary>
[DisallowConcurrentExecution]
internal sealed partial class HelmPodSweepJob(
    ClusterConnections clusters, IDbContextFactory<PlatzDb> databases, Exclusive exclusive,
    IOptions<RunnerOptions> options, ILogger<HelmPodSweepJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var id in await clusters.ServedAsync(cancellationToken))
        {
            await exclusive.RunAsync($"helm-pod-sweep/{id}", cancel => SweepAsync(id, cancel), cancellationToken);
        }
    }

    private async Task SweepAsync(Guid id, CancellationToken cancel)
    {
        try
        {
            var cluster = await clusters.ConnectAsync(id, cancel);
            var pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(
                options.Value.Namespace, labelSelector: ClusterOperations.TaskLabel, cancellationToken: cancel);
            foreach (var pod in await OfEndedTasksAsync(pods.Items, cancel))
            {
                await cluster.Client.DeletePodAsync(
                    pod.Metadata.Name, options.Value.Namespace, pod.Metadata.Uid, graceSeconds: 30, cancel);
                LogSwept(pod.Metadata.Name, cluster.Name);
            }
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or IOException)
        {
            LogUnswept(id, ClusterError.Reason(e));
        }
    }

    private async Task<List<V1Pod>> OfEndedTasksAsync(IList<V1Pod> pods, CancellationToken cancel)
    {
        var tasks = pods.Select(TaskId).OfType<Guid>().Distinct().ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var live = await db.Set<QueuedTask>().Where(q => tasks.Contains(q.TaskId)).Select(q => q.TaskId)
            .ToListAsync(cancel);
        var ours = await db.Tasks.Where(t => tasks.Contains(t.Id)).Select(t => t.Id).ToListAsync(cancel);
        return [.. pods.Where(p => TaskId(p) is { } id && ours.Contains(id) && !live.Contains(id))];
    }

    private static Guid? TaskId(V1Pod pod) =>
        Guid.TryParse(pod.GetLabel(ClusterOperations.TaskLabel), out var id) ? id : null;

    [LoggerMessage(LogLevel.Information, "Removed the left-over Helm pod {Pod} on {Cluster}")]
    private partial void LogSwept(string pod, string cluster);

    [LoggerMessage(LogLevel.Warning, "Left-over Helm pods on cluster {Cluster} could not be looked for: {Reason}")]
    private partial void LogUnswept(Guid cluster, string reason);
}
