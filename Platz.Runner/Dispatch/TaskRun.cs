using System.Diagnostics;
using Platz.Core.Deployments;
using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>One attempt at a task: its phases, its log, its place.</summary>
/// <param name="begun">Whether the phase to resume at was entered before, not only handed over.</param>
internal sealed class TaskRun(
    HeldTask held, Deployment deployment, Places places, Place place, bool begun, TaskQueue queue, TaskPool pool,
    RunnerOptions options, RunLog log)
{
    private const long SameOutage = 15_000; // ms; whoever waits calls again before that

    private readonly List<Func<CancellationToken, Task>> _cleanUps = [];
    private readonly Lock _sharing = new(); // what calls that run at once change
    private readonly HashSet<string> _hidden = new(place.Cluster.Secrets, StringComparer.Ordinal);
    private string? _resumeAt = held.Task.Phase;
    private int _index = -1;
    private bool _mayHaveBegun; // a predecessor's Helm pod may be running
    private DateTimeOffset? _unreachableSince;
    private long _awayAt = -SameOutage; // when a call was last not answered, in milliseconds of some clock
    private Redactor? _redactor;

    public DeploymentTask Task => held.Task;

    public Deployment Deployment => deployment;

    /// <summary>Where the current phase happens.</summary>
    public Place Place { get; private set; } = place;

    public RunnerOptions Options => options;

    public RunLog Log => log;

    /// <summary>Knows all that was hidden by now.</summary>
    public Redactor Redactor
    {
        get
        {
            lock (_sharing)
            {
                return _redactor ??= new Redactor(_hidden);
            }
        }
    }

    /// <summary>Ends when the lease is lost or the drain time is over.</summary>
    public CancellationToken Stop => held.Stop;

    public string Phase { get; private set; } = "";

    /// <summary>An earlier attempt was in this phase already: look at what it left before acting.</summary>
    public bool Resumed { get; private set; }

    /// <summary>How much has taken effect so far, should the task end now.</summary>
    public TaskEffect Effect { get; private set; } = TaskEffect.None;

    /// <summary>What ends with the task makes of the revision.</summary>
    public RevisionChange Revision { get; set; } = RevisionChange.Keep;

    /// <summary>A pure function of task and phase, never of the attempt: a successor finds the pod (contract 2.3).</summary>
    public string PodName => $"task-{Task.Id}-{_index}";

    /// <summary>Runs a phase, unless an earlier attempt has finished it.</summary>
    /// <param name="status">What the deployment shows from here on; null leaves it.</param>
    public async Task PhaseAsync(string phase, DeploymentStatus? status, Func<Task> body)
    {
        _index++;
        if (OperationPhases.Of(Task.OpKind).ElementAtOrDefault(_index) != phase)
        {
            throw new UnreachableException($"{phase} is not phase {_index} of {Task.OpKind}.");
        }

        if (_resumeAt is not null && phase != _resumeAt)
        {
            Effect = Changes(phase) ? TaskEffect.Partial : Effect;
            return; // done by an earlier attempt
        }

        Resumed = _resumeAt is not null && begun;
        if (_resumeAt is not null && !begun && Task.CancelRequested)
        {
            throw new StopRequestedException(); // asked before the hand-over: this is the look between two phases
        }

        _mayHaveBegun |= Resumed && (phase is Core.Tasks.Phase.HelmUpgrade or Core.Tasks.Phase.HelmUninstall);
        _resumeAt = null;
        await GoToAsync(phase);
        await EnterAsync(phase, status);
        await body();
    }

    /// <summary>These must never be shown: whoever comes to know some says so before anything can be told of them.</summary>
    public void Hide(params IEnumerable<string> secrets)
    {
        lock (_sharing)
        {
            var known = _hidden.Count;
            _hidden.UnionWith(secrets);
            _redactor = _hidden.Count == known ? _redactor : null;
        }
    }

    /// <summary>From here on something may be changed outside of Platz.</summary>
    public void BeginEffect() => Effect = TaskEffect.Partial;

    public void Note(string text) => log.Note(Phase, Redactor.Redact(text));

    /// <summary>To be done once the outcome is recorded; a failure there changes no result.</summary>
    public void AfterFinish(Func<CancellationToken, Task> cleanUp) => _cleanUps.Add(cleanUp);

    public async Task CleanUpAsync(CancellationToken cancel)
    {
        foreach (var cleanUp in _cleanUps)
        {
            await cleanUp(cancel);
        }
    }

    /// <summary>Calls the cluster; waits while it does not answer, for ever once something has been changed there.</summary>
    public Task<T> CallAsync<T>(Func<k8s.IKubernetes, CancellationToken, Task<T>> call) => Place.Cluster.CallAsync(
        call, Effect is TaskEffect.None && !_mayHaveBegun ? options.ClusterPatience : Timeout.InfiniteTimeSpan,
        NoteUnreachableAsync, Stop);

    /// <summary>Once such a phase is behind, the task has changed what its deployment runs.</summary>
    private static bool Changes(string phase) => phase is Core.Tasks.Phase.HelmUpgrade
        or Core.Tasks.Phase.HelmUninstall or Core.Tasks.Phase.DeleteNamespace;

    private async Task NoteUnreachableAsync(DateTimeOffset since, string reason)
    {
        lock (_sharing)
        {
            var (before, now) = (_awayAt, Environment.TickCount64);
            _awayAt = now;
            if (since <= _unreachableSince || now - before < SameOutage)
            {
                return; // of several calls at once each has its own beginning
            }

            _unreachableSince = since;
        }

        Note($"The cluster {Place.Cluster.Name} does not answer ({reason}); waiting for it.");
    }

    /// <summary>
    /// Turns to the place of the phase; lets the task go where another runner serves its cluster. The queue's row names
    /// that cluster before the phase begins, so that a rescue looks for a runner that serves it.
    /// </summary>
    private async Task GoToAsync(string phase)
    {
        var (cluster, _) = OperationPhases.PlaceOf(Task, phase);
        if (await DatabaseRetry.RunAsync(() => places.FindAsync(phase, Stop), Stop) is not { } next)
        {
            await HandOverAsync(phase, cluster);
            return;
        }

        if (cluster != held.ClusterId)
        {
            if (!await DatabaseRetry.RunAsync(() => queue.MoveAsync(Task.Id, Task.Fence, cluster, Stop), Stop))
            {
                throw new LeaseLostException();
            }

            held.ClusterId = cluster;
            Hide(next.Cluster.Secrets);
        }

        Place = next;
    }

    private async Task HandOverAsync(string phase, Guid cluster)
    {
        Note("The next phase is on another cluster: a runner that serves it goes on.");
        await log.CompleteAsync(Stop);
        throw await DatabaseRetry.RunAsync(
            () => queue.HandOverAsync(Task.Id, Task.Fence, phase, cluster, Stop), Stop) switch
        {
            PhaseEntry.Entered => new HandOverException(),
            PhaseEntry.CancelRequested => new StopRequestedException(),
            _ => new LeaseLostException(),
        };
    }

    private async Task EnterAsync(string phase, DeploymentStatus? status)
    {
        if (pool.Draining)
        {
            throw new HandOverException();
        }

        var entry = await DatabaseRetry.RunAsync(
            () => queue.EnterPhaseAsync(Task, phase, status, Stop), Stop);
        Phase = entry switch
        {
            PhaseEntry.Entered => phase,
            PhaseEntry.CancelRequested => throw new StopRequestedException(),
            _ => throw new LeaseLostException(),
        };
    }
}
