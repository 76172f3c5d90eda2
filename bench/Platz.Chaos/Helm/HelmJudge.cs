using Platz.Chaos.Judging;
using Platz.Core.Tasks;
using Platz.Sandbox.Kubelet;

namespace Platz.Chaos.Helm;

/// <summary>Holds the rows against the sandbox's own ledger of Helm runs (faults.md P2 to P6).</summary>
/// <param name="Pods">Those that are left on the cluster.</param>
internal sealed record HelmEvidence(IReadOnlyCollection<TaskRow> Tasks, IReadOnlyCollection<HelmRun> Runs, IReadOnlyCollection<string> Pods);

internal static class HelmJudge
{
    private const string PodPrefix = "task-";
    private const int IdLength = 36;

    public static Verdict Of(HelmEvidence evidence)
    {
        var runs = evidence.Runs.Where(r => TaskOf(r) is not null).ToLookup(r => TaskOf(r)!.Value);
        return new Verdict(
        [
            .. evidence.Tasks.SelectMany(t => Wrong(t, [.. runs[t.Id]]).Select(w => new Breach(w.Promise, t.Id, w.What))),
            .. Judge.OutOfOrder(evidence.Tasks),
            .. evidence.Runs.GroupBy(r => r.Namespace + Release(r)).SelectMany(Overlapping),
            .. evidence.Pods.Select(p => new Breach(Promise.TidiedUp, Guid.Empty, $"The pod {p} was left behind")),
        ]);
    }

    private static IEnumerable<(Promise Promise, string What)> Wrong(TaskRow task, List<HelmRun> runs)
    {
        if (!task.Status.IsTerminal)
        {
            yield return (Promise.Ended, $"is {task.Status} ({task.Queued} in the queue) long after the last fault");
        }

        foreach (var again in runs.GroupBy(r => r.Pod).Where(r => r.Count() > 1))
        {
            yield return (Promise.Once, $"ran Helm {again.Count()} times as {again.Key}");
        }

        var succeeded = runs.Exists(r => r.ExitCode == 0);
        switch (task.Status, task.Effect)
        {
            case (DeploymentTaskStatus.Done, _) when !succeeded:
                yield return (Promise.Kept, "is Done, and no Helm run of it succeeded");
                break;
            case (DeploymentTaskStatus.Failed, _) when !runs.Exists(r => r.ExitCode != 0):
                yield return (Promise.Unharmed, "Failed, and no Helm run of it did");
                break;
            case (DeploymentTaskStatus.Canceled, TaskEffect.None) when runs.Count > 0:
                yield return (Promise.Canceled, "is Canceled with effect None, and ran Helm");
                break;
            case (DeploymentTaskStatus.Canceled, TaskEffect.Complete) when !succeeded:
                yield return (Promise.Canceled, "is Canceled with effect Complete, and no Helm run of it succeeded");
                break;
            default:
                break;
        }
    }

    private static IEnumerable<Breach> Overlapping(IEnumerable<HelmRun> release)
    {
        HelmRun? last = null;
        foreach (var run in release.OrderBy(r => r.StartedAt))
        {
            if (last is not null && (last.FinishedAt is not { } end || run.StartedAt < end))
            {
                yield return new Breach(
                    Promise.Alone, TaskOf(run) ?? Guid.Empty, $"{run.Pod} ran Helm while {last.Pod} did, on the same release");
            }

            last = run;
        }
    }

    /// <summary>The word after the verb is the release; it is named as its namespace.</summary>
    private static string Release(HelmRun run) => run.Arguments.Count > 1 ? run.Arguments[1] : "";

    private static Guid? TaskOf(HelmRun run) => run.Pod.StartsWith(PodPrefix, StringComparison.Ordinal)
        && run.Pod.Length >= PodPrefix.Length + IdLength
        && Guid.TryParse(run.Pod.AsSpan(PodPrefix.Length, IdLength), out var id) ? id : null;
}
