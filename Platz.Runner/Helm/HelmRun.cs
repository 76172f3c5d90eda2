using k8s;
using k8s.Models;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>
/// One Helm phase: at most one run per attempt, and a new one only after a look at what an earlier attempt left
/// (faults.md 3): the pod, or the revision that bears the task's label.
/// </summary>
internal static class HelmRun
{
    private const int StopGraceSeconds = 30; // Helm then ends by itself and leaves no lock (kubernetes.md 1.4)

    /// <exception cref="OperationException">Helm failed; the message is the summary of its output.</exception>
    public static async Task RunAsync(TaskRun run, string[] arguments, Func<TaskRun, Task<HelmFiles>> files)
    {
        var helm = new HelmPod(run, run.PodName);
        var pod = await helm.FindAsync();
        if (pod is not null)
        {
            helm.Ours(pod);
            run.BeginEffect();
            run.Note($"Going on with the Helm pod {run.PodName}, which attempt {run.Task.Attempt - 1} started.");
            await GiveFilesAsync(run, helm, pod, files);
        }
        else if (run.Resumed && await FindOutcomeAsync(run))
        {
            return;
        }
        else if (run.Resumed && run.Task.CancelRequested)
        {
            throw new StopRequestedException();
        }
        else
        {
            await ReleaseLock.ClearAsync(run, files);
            pod = await StartAsync(run, helm, arguments, files);
        }

        await FinishAsync(run, helm, pod);
    }

    /// <summary>
    /// All files are there before there is a pod: a kubelet that does not find a pod's Secret looks again only a second
    /// later.
    /// </summary>
    public static async Task<V1Pod> StartAsync(
        TaskRun run, HelmPod helm, string[] arguments, Func<TaskRun, Task<HelmFiles>> files)
    {
        var (given, place) = (GatherAsync(run, files), helm.EnsurePlaceAsync());
        await Task.WhenAll(given, place);
        var pod = await helm.CreateAsync(arguments);
        await helm.GiveFilesAsync(pod, await given);
        return pod;
    }

    /// <summary>Whoever made the pod may have died before it had its files.</summary>
    public static async Task GiveFilesAsync(TaskRun run, HelmPod helm, V1Pod pod, Func<TaskRun, Task<HelmFiles>> files)
    {
        if (!PodState.HasStarted(pod))
        {
            await helm.GiveFilesAsync(pod, await GatherAsync(run, files));
        }
    }

    /// <summary>Stops every Helm pod of the task and waits until they are gone.</summary>
    public static async Task StopAllAsync(TaskRun run)
    {
        var pods = await run.CallAsync((c, cancel) => c.CoreV1.ListNamespacedPodAsync(
            run.Options.Namespace, labelSelector: $"{ClusterOperations.TaskLabel}={run.Task.Id}",
            cancellationToken: cancel));
        foreach (var pod in pods.Items)
        {
            await new HelmPod(run, pod.Metadata.Name).RemoveAsync(pod, StopGraceSeconds);
        }
    }

    /// <summary>Waits for its start, follows it, and judges its end.</summary>
    public static async Task FinishAsync(TaskRun run, HelmPod helm, V1Pod pod)
    {
        if (await run.CallAsync((c, cancel) => c.FindDeploymentTokenAsync(run.Place.Namespace, cancel)) is { } token)
        {
            run.Hide(token); // Helm may read it: charts can look up what is in their namespace
        }

        if (!PodState.HasStarted(pod))
        {
            await helm.WaitForStartAsync(pod);
        }

        var redactor = run.Redactor;
        var log = new PodLog(run, pod.Metadata.Name, run.Options.Namespace, redactor);
        var end = await helm.FollowAsync(pod, log);
        if (end is null && run.Phase is Phase.HelmUpgrade && await FindOutcomeAsync(run))
        {
            return;
        }

        helm.DeleteAfterFinish(pod);
        if (end is not { Succeeded: true })
        {
            throw new OperationException(await SummaryAsync(run, log, end, redactor));
        }
    }

    /// <summary>Nothing of it can be told before the redactor knows it.</summary>
    private static async Task<Dictionary<string, byte[]>> GatherAsync(TaskRun run, Func<TaskRun, Task<HelmFiles>> files)
    {
        var given = await files(run);
        run.Hide(given.Secrets);
        return given.ToSecretData(run.Place.Namespace);
    }

    /// <summary>What an earlier run of this very task came to, by the release it left; false when it left no trace.</summary>
    private static async Task<bool> FindOutcomeAsync(TaskRun run)
    {
        if (run.Phase is not Phase.HelmUpgrade)
        {
            return false; // helm uninstall run again finishes what was begun
        }

        var releases = await ReleaseLock.ListAsync(run);
        var mine = releases.FirstOrDefault(r => r.TaskId == $"{run.Task.Id}");
        if (mine is null)
        {
            return false;
        }

        run.BeginEffect();
        if (mine.IsLocked)
        {
            await ReleaseLock.ClearAsync(run, HelmTarget.CredentialsAsync);
            throw new OperationException("Helm was interrupted: its pod is gone and left the release locked. "
                + "The lock was cleared; what had been applied stays.");
        }

        if (!mine.IsDeployed)
        {
            throw new OperationException(
                $"Helm failed: its pod is gone, and revision {mine.Revision} of the release is {mine.Status}.");
        }

        run.Note($"Helm has already made revision {mine.Revision} for this task; it is not run again.");
        return true;
    }

    private static async Task<string> SummaryAsync(TaskRun run, PodLog log, PodEnd? end, Redactor redactor)
    {
        if (end is null)
        {
            return "The Helm pod was deleted by somebody else before Helm had ended. " + ErrorSummary.Of(
                log.LastLines, new HelmExit(null, "Deleted"));
        }

        foreach (var line in await Diagnosis.OfAsync(run, run.Place.Namespace))
        {
            run.Note(line);
        }

        var message = end.Message is null ? null : redactor.Redact(end.Message); // may be the raw end of the output
        return ErrorSummary.Of(log.LastLines, new HelmExit(end.ExitCode, end.Reason, message));
    }
}
