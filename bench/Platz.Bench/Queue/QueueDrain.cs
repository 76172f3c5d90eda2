using System.Collections.Concurrent;
using Npgsql;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Bench.Queue;

/// <summary>Workers that take tasks which do nothing through the queue of Platz, until none is left.</summary>
/// <param name="batch">How many tasks a worker claims at once.</param>
internal sealed class QueueDrain(TaskQueue queue, int workers, int batch)
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, Guid> _running = new();

    /// <summary>Whose tasks they take.</summary>
    public Guid Cluster { get; init; } = QueueStage.Cluster;

    public async Task RunAsync(QueueWay way, CancellationToken cancel) => await Task.WhenAll(
        Enumerable.Range(1, workers).Select(n => Task.Run(() => WorkAsync($"worker-{n}", way, cancel), cancel)));

    private async Task WorkAsync(string owner, QueueWay way, CancellationToken cancel)
    {
        while (await ClaimAsync(owner, cancel) is { Count: > 0 } tasks)
        {
            foreach (var task in tasks)
            {
                if (!_running.TryAdd(task.DeploymentId, task.Id))
                {
                    throw new InvalidDataException($"Two tasks of deployment {task.DeploymentId} run at once.");
                }
            }

            if (way.Renews)
            {
                queue.Heartbeat([.. tasks.Select(task => (task.Id, task.Fence))], s_lease);
            }

            if (way.HasPhases)
            {
                await Task.WhenAll(tasks.Select(task => EnterAsync(task, cancel)));
            }

            tasks.ForEach(task => _running.TryRemove(task.DeploymentId, out _));
            await Task.WhenAll(tasks.Select(task => FinishAsync(task, way)));
        }
    }

    private async Task<List<DeploymentTask>> ClaimAsync(string owner, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await queue.ClaimAsync(
                    new ClaimRequest(
                        owner, s_lease, OperationPhases.Kinds,
                        new Dictionary<Guid, int> { [Cluster] = batch }, batch),
                    cancel);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // another worker has just started a task of the same deployment
            }
        }
    }

    private async Task EnterAsync(DeploymentTask task, CancellationToken cancel)
    {
        var entry = await queue.EnterPhaseAsync(task, Phase.Restart, null, cancel);
        if (entry is not PhaseEntry.Entered)
        {
            throw new InvalidDataException($"Task {task.Id} could not go on: {entry}.");
        }
    }

    private async Task FinishAsync(DeploymentTask task, QueueWay way)
    {
        DeploymentStatus? status = way.WritesDeployments ? DeploymentStatus.Running : null;
        var revision = way.WritesDeployments ? RevisionChange.Record : RevisionChange.Keep;
        if (!await queue.FinishAsync(new TaskResult(
            task.Id, task.DeploymentId, task.Fence, DeploymentTaskStatus.Done, null, TaskEffect.Complete, status, revision,
            ReinstallsDependents: way.WritesDeployments)))
        {
            throw new InvalidDataException($"Task {task.Id} was taken over by somebody else.");
        }
    }
}

/// <summary>What is written of each task beside its claim and its end.</summary>
/// <param name="HasPhases">One phase a task.</param>
/// <param name="WritesDeployments">Status and revision, as after an Upgrade.</param>
/// <param name="Renews">Leases, once for each task, as of one that takes a few seconds.</param>
internal sealed record QueueWay(string What, bool HasPhases, bool WritesDeployments, bool Renews = false);
