using Platz.Core.Tasks;

namespace Platz.Tests.Model;

/// <summary>The promises of faults.md 1, looked at after every step.</summary>
internal sealed class ModelJudge
{
    private static readonly string?[] s_phases = [null, Phase.Validate, Phase.HelmUpgrade];

    private readonly Dictionary<ModelTask, Seen> _seen = [];
    private readonly Dictionary<int, ModelTask> _lastStarted = [];
    private readonly Dictionary<ModelTask, CancelOutcome> _told = [];

    public void Told(ModelTask task, CancelOutcome outcome)
    {
        if (outcome is CancelOutcome.Canceled or CancelOutcome.StopRequested)
        {
            Broken(!_told.TryAdd(task, outcome), task, "two were told that it is canceled");
            Broken(outcome is CancelOutcome.Canceled && task.Attempt > 0, task, "was canceled after it had started");
        }
    }

    public void Look(QueueModel queue, ModelCluster cluster)
    {
        foreach (var line in queue.Tasks.GroupBy(t => t.Deployment))
        {
            Broken(line.Count(t => t.IsActive) > 1, line.First(), "is not the only one of its deployment");
            Broken(
                cluster.Runs.Count(r => r.Succeeded is null && r.Task.Deployment == line.Key) > 1,
                line.First(), "has a deployment in which Helm runs twice at once");
        }

        foreach (var task in queue.Tasks)
        {
            Look(task, [.. cluster.Runs.Where(r => r.Task == task)]);
        }
    }

    public static void AllHaveEnded(QueueModel queue)
    {
        foreach (var task in queue.Tasks)
        {
            Broken(task.State is not null, task, "is stuck");
        }
    }

    private void Look(ModelTask task, ModelRun[] runs)
    {
        var before = _seen.GetValueOrDefault(task, new Seen(DeploymentTaskStatus.Pending, 0, 0, 0));
        var now = before with
        {
            Status = task.Status,
            Fence = task.Fence,
            Phase = Array.IndexOf(s_phases, task.Phase),
            Runs = runs.Length,
            CanceledIn = before.CanceledIn ?? (task.CancelRequested ? before.Phase : null),
        };
        _seen[task] = now;

        Broken(task.State is null != task.Status.IsTerminal, task, "has a state that is not its status's");
        Broken(now.Status != before.Status && !before.Status.CanBecome(now.Status), task, $"was {before.Status}");
        Broken(task.Ends > 1, task, "ended twice");
        Broken(task.Status.IsTerminal && task.Fence > 0 && task.EndedBy != task.Fence, task, "was ended by another");
        Broken(now.Fence < before.Fence, task, "has a lower fence");
        Broken(now.Phase < before.Phase, task, "went back to an earlier phase");
        Broken(runs.Length > 1, task, "ran Helm twice");
        Broken(now.Runs > before.Runs && before.Status.IsTerminal, task, "ran Helm after its end");
        Broken(now.Runs > before.Runs && before.CanceledIn < s_phases.Length - 1, task, "ran Helm after all");
        JudgeOrder(task, before, now);
        JudgeOutcome(task, runs);
    }

    private void JudgeOrder(ModelTask task, Seen before, Seen now)
    {
        if (before.Fence > 0 || now.Fence == 0)
        {
            return;
        }

        var last = _lastStarted.GetValueOrDefault(task.Deployment);
        Broken(last is not null && last.Place.CompareTo(task.Place) > 0, task, $"started after {last?.Id}");
        _lastStarted[task.Deployment] = task;
    }

    private static void JudgeOutcome(ModelTask task, ModelRun[] runs)
    {
        var succeeded = runs.Any(r => r.Succeeded is true);
        Broken(
            task.Status is DeploymentTaskStatus.Done && (!succeeded || task.CancelRequested), task, "is not what it did");
        Broken(task.Status is DeploymentTaskStatus.Failed && succeeded, task, "succeeded and says it failed");
        Broken(
            task.Status is DeploymentTaskStatus.Canceled && task.Effect is TaskEffect.None && runs.Length > 0,
            task, "was canceled and had an effect");
    }

    private static void Broken(bool isBroken, ModelTask task, string how)
    {
        if (isBroken)
        {
            throw new BrokenPromiseException($"Task {task.Id}, now {task.Status}, {how}.");
        }
    }

    /// <param name="CanceledIn">The phase it was in when it was asked to stop; null when it was not.</param>
    private sealed record Seen(DeploymentTaskStatus Status, long Fence, int Phase, int Runs, int? CanceledIn = null);
}

internal sealed class BrokenPromiseException(string message) : Exception(message);
