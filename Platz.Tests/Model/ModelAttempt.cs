using Platz.Core.Tasks;

namespace Platz.Tests.Model;

/// <summary>One runner's attempt at a task, one call to database or cluster at a time (<c>TaskRun</c>, <c>HelmRun</c>).</summary>
internal sealed class ModelAttempt(QueueModel queue, ModelCluster cluster, ModelTask task, Guard missing)
{
    private readonly long _fence = task.Fence;
    private readonly int _number = task.Attempt;
    private readonly bool _isResumed = task.Phase is Phase.HelmUpgrade;
    private readonly bool _wasCanceled = task.CancelRequested;
    private (DeploymentTaskStatus Status, TaskEffect Effect) _outcome;
    private ModelPod? _pod;

    private enum At
    {
        Preparing,
        Entering,
        Looking,
        LookingAtRelease,
        Creating,
        GivingFiles,
        Waiting,
        Ending,
        Cleaning,
        Over,
    }

    private At _at = task.Phase is Phase.HelmUpgrade ? At.Entering : At.Preparing;

    public ModelTask Task => task;

    public long Fence => _fence;

    /// <summary>Until when the lease is relied on.</summary>
    public long TrustUntil { get; set; }

    /// <summary>A call had been sent when its runner died or stood still: it arrives, whoever has the task by then.</summary>
    public bool OnItsWay { get; set; }

    public bool RunnerIsDead { get; set; }

    public bool IsOver => _at is At.Over || (RunnerIsDead && !OnItsWay);

    private string PodName => missing is Guard.PodName ? $"{task.Id}-{_number}" : $"{task.Id}";

    /// <param name="answerLost">It is done, but the runner does not hear of it and says it again.</param>
    public void Go(bool answerLost)
    {
        if (IsOver)
        {
            return;
        }

        if (!OnItsWay && queue.Now > TrustUntil)
        {
            _at = At.Over;
            return;
        }

        OnItsWay = false;
        var next = Step();
        _at = answerLost ? _at : next;
    }

    public void LetGo()
    {
        queue.Release(task, _fence);
        _at = At.Over;
    }

    public override string ToString() => $"task {task.Id} fence {_fence} {_at}";

    private At Step() => _at switch
    {
        At.Preparing => Enter(Phase.Validate, At.Entering),
        At.Entering => Enter(Phase.HelmUpgrade, At.Looking),
        At.Looking => Look(),
        At.LookingAtRelease => LookAtRelease(),
        At.Creating => Create(),
        At.GivingFiles => GiveFiles(),
        At.Waiting => Wait(),
        At.Ending => queue.Finish(task, _fence, _outcome.Status, _outcome.Effect) ? At.Cleaning : At.Over,
        At.Cleaning => Clean(),
        _ => At.Over,
    };

    private At Enter(string phase, At next) => queue.Enter(task, _fence, phase) switch
    {
        PhaseEntry.Entered => next,
        PhaseEntry.CancelRequested => End(DeploymentTaskStatus.Canceled, TaskEffect.None),
        _ => At.Over,
    };

    private At Look()
    {
        _pod = cluster.Find(PodName);
        return _pod switch
        {
            null when _isResumed && missing is not Guard.LookAtRelease => At.LookingAtRelease,
            null => At.Creating,
            { Run: null } => At.GivingFiles,
            _ => At.Waiting,
        };
    }

    private At LookAtRelease() => cluster.RunOf(task) switch
    {
        { Succeeded: { } succeeded } => Ended(succeeded),
        _ when _wasCanceled => End(DeploymentTaskStatus.Canceled, TaskEffect.None),
        _ => At.Creating,
    };

    private At Create()
    {
        cluster.Create(task, PodName);
        _pod = cluster.Find(PodName);
        return At.GivingFiles;
    }

    private At GiveFiles()
    {
        cluster.GiveFiles(_pod!);
        return At.Waiting;
    }

    private At Wait()
    {
        if (cluster.Find(_pod!.Name) != _pod)
        {
            return Ended(cluster.RunOf(task)?.Succeeded is true);
        }

        return _pod.Run?.Succeeded is { } succeeded ? Ended(succeeded) : At.Waiting;
    }

    private At Clean()
    {
        if (_pod is not null)
        {
            cluster.Delete(_pod);
        }

        return At.Over;
    }

    private At Ended(bool succeeded) => succeeded
        ? End(DeploymentTaskStatus.Done, TaskEffect.Complete)
        : End(DeploymentTaskStatus.Failed, TaskEffect.Partial);

    private At End(DeploymentTaskStatus status, TaskEffect effect)
    {
        _outcome = (status, effect);
        return At.Ending;
    }
}
