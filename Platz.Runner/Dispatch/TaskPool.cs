using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platz.Core.Tasks;
using Platz.Runner.Operations;

namespace Platz.Runner.Dispatch;

/// <summary>
/// The tasks this runner works on, at most <see cref="RunnerOptions.MaxConcurrentTasks"/>. On SIGTERM it takes no more,
/// lets running phases go on for <see cref="RunnerOptions.DrainTimeout"/>, then lets go of what is left.
/// </summary>
internal sealed partial class TaskPool(
    TaskExecutor executor, DispatchBell bell, IOptions<RunnerOptions> options, TimeProvider clock, ILogger<TaskPool> log)
    : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<Guid, HeldTask> _held = new();
    private readonly ConcurrentDictionary<Guid, Task> _runs = new();
    private readonly CancellationTokenSource _drained = new();
    private readonly SemaphoreSlim _claiming = new(1, 1);

    /// <summary>Unique to this process: who holds a lease is never confused with its predecessor.</summary>
    public string Owner { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    public bool Draining { get; private set; }

    public IReadOnlyCollection<HeldTask> Held => [.. _held.Values];

    /// <summary>Free places, in all and on each cluster.</summary>
    public ClaimRequest Free(IReadOnlyCollection<Guid> clusters)
    {
        var running = _held.Values.CountBy(h => h.ClusterId).ToDictionary();
        var places = clusters
            .Select(c => KeyValuePair.Create(
                c, options.Value.MaxConcurrentTasksPerCluster - running.GetValueOrDefault(c)))
            .Where(p => p.Value > 0)
            .OrderBy(_ => Random.Shared.Next()) // no cluster is always asked first
            .ToDictionary();
        var total = Draining ? 0 : options.Value.MaxConcurrentTasks - _held.Count;
        return new ClaimRequest(Owner, options.Value.LeaseDuration, OperationHandlers.Kinds, places, total);
    }

    /// <summary>
    /// Claims as many as there is room for, and starts them. Not cancelable, and whoever stops the pool waits for it: what
    /// was claimed and not heard of would be left to its lease, as that of a runner that died.
    /// </summary>
    public async Task TakeAsync(
        IReadOnlyCollection<Guid> clusters, Func<ClaimRequest, CancellationToken, Task<List<DeploymentTask>>> claimAsync)
    {
        await _claiming.WaitAsync(CancellationToken.None);
        try
        {
            var free = Free(clusters);
            if (free.Total <= 0 || free.Places.Count == 0)
            {
                return;
            }

            var sentAt = Stopwatch.GetTimestamp();
            var tasks = await claimAsync(free, CancellationToken.None);
            tasks.ForEach(task => Start(task, sentAt));
        }
        finally
        {
            _claiming.Release();
        }
    }

    /// <param name="sentAt">When its claim was sent, as <see cref="Stopwatch"/> has it.</param>
    private void Start(DeploymentTask task, long sentAt)
    {
        var held = new HeldTask(task, options.Value.LeaseDuration * 0.75, sentAt, _drained.Token);
        if (!_held.TryAdd(task.Id, held))
        {
            held.Dispose(); // our own run lost the lease and has not ended yet: the lease runs out, somebody takes over
            return;
        }

        _runs[task.Id] = Task.Run(() => RunAsync(held));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Draining = true;
        LogDraining(_held.Count);
        var limit = Task.Delay(options.Value.DrainTimeout, clock, cancellationToken);
        await Task.WhenAny(_claiming.WaitAsync(cancellationToken), limit);
        await Task.WhenAny(Task.WhenAll(_runs.Values), limit);
        await _drained.CancelAsync();
        var letGo = Task.WhenAll(_runs.Values);
        await Task.WhenAny(letGo, Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken));
        if (letGo.IsCompleted)
        {
            LogDrained();
        }
        else
        {
            LogLeft(_runs.Count); // the database is away, for example: their leases run out
        }
    }

    public void Dispose()
    {
        _drained.Dispose();
        _claiming.Dispose();
    }

    private async Task RunAsync(HeldTask held)
    {
        try
        {
            await executor.ExecuteAsync(held, this);
        }
        catch (Exception e)
        {
            LogEscaped(e, held.Task.Id); // nothing is lost: the lease runs out and the task is taken over
        }
        finally
        {
            _held.TryRemove(held.Task.Id, out _);
            _runs.TryRemove(held.Task.Id, out _);
            held.Dispose();
            bell.Ring();
        }
    }

    [LoggerMessage(LogLevel.Information, "Draining: {Tasks} tasks are running")]
    private partial void LogDraining(int tasks);

    [LoggerMessage(LogLevel.Information, "Drained")]
    private partial void LogDrained();

    [LoggerMessage(LogLevel.Warning, "Leaving {Tasks} tasks that could not be let go: other runners take them over")]
    private partial void LogLeft(int tasks);

    [LoggerMessage(LogLevel.Error, "The run of task {TaskId} ended without recording an outcome")]
    private partial void LogEscaped(Exception e, Guid taskId);
}
