using Platz.Core.Tasks;

namespace Platz.Tests.Model;

/// <summary>
/// What each statement of <see cref="TaskQueue"/> does to the rows (queue.md 0, contract 2.1).
/// <c>QueueConformanceTests</c> holds PostgreSQL against it.
/// </summary>
internal sealed class QueueModel(Guard missing = Guard.None)
{
    private const long TicksPerMinute = 1_000_000;

    private readonly List<ModelTask> _tasks = [];

    public IReadOnlyList<ModelTask> Tasks => _tasks;

    /// <summary>In the order in which they are claimed.</summary>
    public IEnumerable<ModelTask> Ready =>
        _tasks.Where(t => t.State is QueueState.Ready).OrderBy(t => t.ReadyAt).ThenBy(t => t.Id);

    public IEnumerable<ModelTask> Expired =>
        _tasks.Where(t => t.State is QueueState.Started && t.LeaseUntil <= Now).OrderBy(t => t.LeaseUntil);

    public long Now { get; private set; }

    /// <summary>No two things happen at one time.</summary>
    public void Pass(int minutes = 0) => Now += 1 + (minutes * TicksPerMinute);

    public long In(int minutes) => Now + (minutes * TicksPerMinute);

    public ModelTask Enqueue(int deployment, int delay)
    {
        Promote(deployment);
        var task = new ModelTask
        {
            Id = _tasks.Count,
            Deployment = deployment,
            CreatedAt = Now,
            ExecuteAt = In(delay),
            ReadyAt = Now,
            State = delay > 0 ? QueueState.Scheduled : HasActive(deployment) ? QueueState.Blocked : QueueState.Ready,
        };
        _tasks.Add(task);
        return task;
    }

    public void PromoteDue()
    {
        foreach (var due in _tasks.Where(IsDue).GroupBy(t => t.Deployment).ToList())
        {
            Promote(due.Key);
            foreach (var behind in due.Where(IsDue))
            {
                behind.State = QueueState.Blocked;
            }
        }

        bool IsDue(ModelTask task) => task.State is QueueState.Scheduled && task.ExecuteAt <= Now;
    }

    public bool Claim(ModelTask task, int owner, int lease)
    {
        if (task.State is not QueueState.Ready && missing is not Guard.StateAtClaim)
        {
            return false;
        }

        (task.Status, task.State) = (DeploymentTaskStatus.Started, QueueState.Started);
        task.Attempt++;
        Take(task, owner, lease);
        return true;
    }

    public bool Rescue(ModelTask task, int owner, int lease)
    {
        if (task.State is not QueueState.Started || task.LeaseUntil > Now)
        {
            return false;
        }

        task.Attempt += task.Owner is null ? 0 : 1;
        Take(task, owner, lease);
        if (missing is Guard.RescueKeepsStarted)
        {
            (task.Status, task.State) = (DeploymentTaskStatus.Pending, QueueState.Blocked);
            PromoteAnother(task);
            return false;
        }

        return true;
    }

    /// <returns>Whether the task is still held.</returns>
    public bool Beat(ModelTask task, long fence, int lease)
    {
        if (task.State is not QueueState.Started || task.Fence != fence || task.Owner is null)
        {
            return false;
        }

        task.LeaseUntil = In(lease);
        return true;
    }

    public PhaseEntry Enter(ModelTask task, long fence, string phase)
    {
        if (task.Status is not DeploymentTaskStatus.Started
            || (task.Fence != fence && missing is not Guard.FenceAtPhase))
        {
            return PhaseEntry.LeaseLost;
        }

        var actedThere = task.Phase == phase && phase is Phase.HelmUpgrade;
        if (task.CancelRequested && !actedThere && missing is not Guard.CancelAtPhase)
        {
            return PhaseEntry.CancelRequested;
        }

        task.Phase = phase;
        return PhaseEntry.Entered;
    }

    /// <returns>Whether it has ended by this fence, now or when the same was said before.</returns>
    public bool Finish(ModelTask task, long fence, DeploymentTaskStatus status, TaskEffect effect)
    {
        var isHeld = task.Fence == fence || (missing is Guard.FenceAtEnd && task.State is QueueState.Started);
        var isLive = task.State is QueueState.Started || (missing is Guard.EndIsFinal && task.Ends > 0);
        if (!isHeld || !isLive)
        {
            PromoteNext(task); // whoever says so, what is due of the deployment comes into its line
            return isHeld && task.Ends > 0;
        }

        task.EndedBy = fence;
        var canceled = status is DeploymentTaskStatus.Done && task.CancelRequested;
        End(task, canceled ? DeploymentTaskStatus.Canceled : status, canceled ? TaskEffect.Complete : effect);
        return true;
    }

    public void Release(ModelTask task, long fence)
    {
        if (task.State is QueueState.Started && task.Fence == fence)
        {
            (task.Owner, task.LeaseUntil) = (null, Now);
        }
    }

    public CancelOutcome Cancel(ModelTask task)
    {
        if (task.State is null)
        {
            return CancelOutcome.AlreadyFinished;
        }

        if (task.State is not QueueState.Started)
        {
            End(task, DeploymentTaskStatus.Canceled, TaskEffect.None);
            return CancelOutcome.Canceled;
        }

        if (task.CancelRequested)
        {
            return CancelOutcome.AlreadyRequested;
        }

        task.CancelRequested = true;
        return CancelOutcome.StopRequested;
    }

    private void Take(ModelTask task, int owner, int lease)
    {
        task.Fence++;
        (task.Owner, task.LeaseUntil) = (owner, In(lease));
    }

    private void End(ModelTask task, DeploymentTaskStatus status, TaskEffect effect)
    {
        (task.Status, task.State, task.Effect) = (status, null, effect);
        task.Ends++;
        PromoteNext(task);
    }

    private void PromoteNext(ModelTask than)
    {
        if (missing is not Guard.NextInLine)
        {
            Promote(than.Deployment);
        }
    }

    private void Promote(int deployment)
    {
        if (HasActive(deployment))
        {
            return;
        }

        var line = Line(deployment);
        var head = missing is Guard.Order ? line.MaxBy(t => t.Place) : line.MinBy(t => t.Place);
        if (head is not null)
        {
            (head.State, head.ReadyAt) = (QueueState.Ready, Now);
        }
    }

    private void PromoteAnother(ModelTask than)
    {
        var next = Line(than.Deployment).Where(t => t != than).MinBy(t => t.Place) ?? than;
        (next.State, next.ReadyAt) = (QueueState.Ready, Now);
    }

    private IEnumerable<ModelTask> Line(int deployment) => _tasks.Where(
        t => t.Deployment == deployment && t.State is QueueState.Blocked or QueueState.Scheduled && t.ExecuteAt <= Now);

    private bool HasActive(int deployment) =>
        missing is not Guard.OneActive && _tasks.Any(t => t.Deployment == deployment && t.IsActive);
}
