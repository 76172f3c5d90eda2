using k8s.Autorest;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Charts;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Operations;

namespace Platz.Runner.Dispatch;

/// <summary>Takes one started task to its end. The only place that catches what an operation throws.</summary>
internal sealed partial class TaskExecutor(
    IDbContextFactory<PlatzDb> databases, TaskQueue queue, TaskLog logs, ClusterConnections clusters,
    OperationHandlers handlers, IOptions<RunnerOptions> options, TimeProvider clock, ILogger<TaskExecutor> log)
{
    public async Task ExecuteAsync(HeldTask held, TaskPool pool)
    {
        LogStarted(held.Task.OpKind, held.Task.Id, held.Task.Namespace, held.Task.Attempt);
        try
        {
            await RunAsync(held, pool);
        }
        catch (Exception e) when (held.LeaseLost || e is LeaseLostException)
        {
            LogLost(held.Task.Id);
        }
        catch (Exception e) when (held.Stop.IsCancellationRequested || e is HandOverException)
        {
            await queue.ReleaseAsync(held.Task.Id, held.Task.Fence, clusterId: null, CancellationToken.None);
            LogHandedOver(held.Task.Id);
        }
        catch (Exception e)
        {
            await FailUnbegunAsync(held.Task, e);
        }
    }

    /// <summary>Not even its cluster could be connected to: a kubeconfig that cannot be opened, for example.</summary>
    private async Task FailUnbegunAsync(DeploymentTask task, Exception e)
    {
        LogBug($"{e}", task.OpKind, task.Id);
        var reason = ErrorSummary.Cut($"The task could not be begun: {e.Message}", ErrorSummary.MaxBytes);
        await DatabaseRetry.RunAsync(
            () => queue.FinishAsync(new TaskResult(
                task.Id, task.DeploymentId, task.Fence, DeploymentTaskStatus.Failed, reason,
                task.Phase is null ? TaskEffect.None : TaskEffect.Partial, DeploymentStatus.Error,
                RevisionChange.Keep)),
            CancellationToken.None);
    }

    private async Task RunAsync(HeldTask held, TaskPool pool)
    {
        var places = new Places(held.Task, clusters);
        if (await DatabaseRetry.RunAsync(() => places.FindAsync(held.Task.Phase, held.Stop), held.Stop) is not { } place)
        {
            await LetGoAsync(held);
            return;
        }

        var (deployment, begun) = await DatabaseRetry.RunAsync(() => ReadAsync(held), held.Stop);
        var writer = await DatabaseRetry.RunAsync(() => OpenLogAsync(held, places, place), held.Stop);
        await using var runLog = new RunLog(writer, clock, held.Lose, log);
        var run = new TaskRun(held, deployment, places, place, begun, queue, pool, options.Value, runLog);

        var result = await OutcomeAsync(run);
        await runLog.CompleteAsync(CancellationToken.None);
        var isFinished = await DatabaseRetry.RunAsync(() => queue.FinishAsync(result), CancellationToken.None);
        LogEnded(result.Status, result.TaskId, isFinished);
        if (isFinished)
        {
            await CleanUpAsync(run);
        }
    }

    /// <summary>How the task ended; an exception only where it goes on elsewhere.</summary>
    private async Task<TaskResult> OutcomeAsync(TaskRun run)
    {
        try
        {
            await (run.Task.Attempt > options.Value.MaxAttempts ? OperationHandlers.GiveUpAsync(run) : handlers.RunAsync(run));
            return TaskOutcome.Done(run);
        }
        catch (StopRequestedException)
        {
            return TaskOutcome.Canceled(run);
        }
        catch (OperationException e)
        {
            return await FailedAsync(run, e.Message);
        }
        catch (BrokenChartException e)
        {
            return await FailedAsync(run, $"What is stored of the chart cannot be read: {e.Message}");
        }
        catch (HttpOperationException e)
        {
            return await FailedAsync(run, ClusterError.Describe(e, run.Place.Cluster.Name));
        }
        catch (Exception e) when (!run.Stop.IsCancellationRequested && e is not (LeaseLostException or HandOverException))
        {
            LogBug(run.Redactor.Redact($"{e}"), run.Task.OpKind, run.Task.Id);
            return await FailedAsync(run, $"Platz could not go on: {e.Message}");
        }
    }

    private async Task<TaskResult> FailedAsync(TaskRun run, string summary)
    {
        LogFailed(run.Task.OpKind, run.Task.Id);
        summary = run.Redactor.Redact(summary); // an error may quote what it was given
        run.Log.Note(run.Phase, $"Failed: {summary}");
        return TaskOutcome.Failed(run, summary);
    }

    /// <summary>The runner before died between turning to a cluster and entering the phase there.</summary>
    private async Task LetGoAsync(HeldTask held)
    {
        var (cluster, _) = OperationPhases.PlaceOf(held.Task, held.Task.Phase);
        await DatabaseRetry.RunAsync(
            async () =>
            {
                await queue.ReleaseAsync(held.Task.Id, held.Task.Fence, cluster, held.Stop);
                return true;
            },
            held.Stop);
        LogHandedOver(held.Task.Id);
    }

    private async Task<(Deployment Deployment, bool Begun)> ReadAsync(HeldTask held)
    {
        await using var db = await databases.CreateDbContextAsync(held.Stop);
        var deployment = await db.Deployments.AsNoTracking()
            .SingleAsync(d => d.Id == held.Task.DeploymentId, held.Stop);
        var begun = held.Task.Phase is { } phase && await db.Set<DeploymentTaskPhase>()
            .AnyAsync(p => p.TaskId == held.Task.Id && p.Phase == phase, held.Stop);
        return (deployment, begun);
    }

    private async Task<TaskLogWriter> OpenLogAsync(HeldTask held, Places places, Place place) => await logs.OpenAsync(
        held.Task.Id, held.Task.Fence, new TaskLogLimits(options.Value.LogHead, options.Value.LogTail),
        new Redactor(await places.SecretsAsync(place, held.Stop)), held.Stop);

    private async Task CleanUpAsync(TaskRun run)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15), clock);
            await run.CleanUpAsync(limit.Token);
        }
        catch (Exception e)
        {
            LogNotCleaned(e.Message, run.Task.Id); // the sweep of finished pods comes back to it
        }
    }

    [LoggerMessage(LogLevel.Information, "{Operation} {TaskId} of {Namespace} begins, attempt {Attempt}")]
    private partial void LogStarted(string operation, Guid taskId, string @namespace, int attempt);

    [LoggerMessage(LogLevel.Information, "{Status}: task {TaskId}, recorded: {Recorded}")]
    private partial void LogEnded(DeploymentTaskStatus status, Guid taskId, bool recorded);

    [LoggerMessage(LogLevel.Warning, "Task {TaskId} was taken over by another runner")]
    private partial void LogLost(Guid taskId);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} is handed over to the next runner")]
    private partial void LogHandedOver(Guid taskId);

    [LoggerMessage(LogLevel.Information, "{Operation} {TaskId} failed")]
    private partial void LogFailed(string operation, Guid taskId);

    [LoggerMessage(LogLevel.Error, "{Operation} {TaskId} met an unexpected error: {Error}")]
    private partial void LogBug(string error, string operation, Guid taskId);

    [LoggerMessage(LogLevel.Warning, "Not everything was cleaned up ({Reason}) after task {TaskId}")]
    private partial void LogNotCleaned(string reason, Guid taskId);
}
