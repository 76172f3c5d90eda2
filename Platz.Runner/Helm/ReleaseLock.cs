using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>
/// A Helm run that was killed leaves its release <c>pending-…</c>, and every later run refuses. The deployment is ours
/// alone while we hold its lease, so the lock is cleared (kubernetes.md 1.4), and the log says so.
/// </summary>
internal static class ReleaseLock
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    public static Task<List<HelmRelease>> ListAsync(TaskRun run) => run.CallAsync((c, cancel) =>
        HelmRelease.ListAsync(c, run.Place.Namespace, run.Place.Namespace, cancel));

    public static async Task ClearAsync(TaskRun run, Func<TaskRun, Task<HelmFiles>> files)
    {
        var releases = await ListAsync(run);
        if (releases is not [{ IsLocked: true } locked, ..])
        {
            return;
        }

        var good = releases.FirstOrDefault(r => r.IsDeployed);
        run.Note(good is null
            ? $"The release is locked by an interrupted Helm run ({locked.Status}); uninstalling what it left."
            : $"The release is locked by an interrupted Helm run ({locked.Status}); rolling back to revision {good.Revision}.");
        var helm = new HelmPod(run, $"{run.PodName}-unlock");
        var arguments = good is null
            ? HelmCommand.Uninstall(run.Place.Namespace, s_timeout)
            : HelmCommand.Rollback(run.Place.Namespace, good.Revision, s_timeout);
        var pod = await helm.FindAsync();
        if (pod is null)
        {
            pod = await HelmRun.StartAsync(run, helm, arguments, files);
        }
        else
        {
            await HelmRun.GiveFilesAsync(run, helm, pod, files);
        }

        await HelmRun.FinishAsync(run, helm, pod);
    }
}
