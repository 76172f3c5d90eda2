using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;

namespace Platz.Runner.Dispatch;

/// <summary>One attempt at a task: its phases, its log, its cluster.</summary>
internal sealed class TaskRun(
    HeldTask held, Deployment deployment, ClusterConnection cluster, TaskQueue queue, TaskPool pool, RunnerOptions options,
    RunLog log)
{
    private readonly List<Func<CancellationToken, Task>> _cleanUps = [];
    private string? _resumeAt = held.Task.Phase;
    private int _index = -1;
    private bool _mayHaveBegun; // a predecessor's Helm pod may be running
    private DateTimeOffset? _unreachableSince;

    public DeploymentTask Task => held.Task;

    public Deployment Deployment => deployment;

    public ClusterConnection Cluster => cluster;

    public RunnerOptions Options => options;

    public RunLog Log => log;

    /// <summary>What must never appear in the log, beside the credentials of the cluster.</summary>
    public List<string> Secrets { get; } = [.. cluster.Secrets];

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
        if (phase is Core.Tasks.Phase.HelmUpgrade or Core.Tasks.Phase.HelmUninstall or Core.Tasks.Phase.DeleteNamespace)
        {
            Effect = _resumeAt is not null && phase != _resumeAt ? TaskEffect.Partial : Effect;
        }

        if (_resumeAt is not null && phase != _resumeAt)
        {
            return;
        }

        Resumed = _resumeAt is not null;
        _mayHaveBegun |= Resumed && (phase is Core.Tasks.Phase.HelmUpgrade or Core.Tasks.Phase.HelmUninstall);
        _resumeAt = null;
        await EnterAsync(phase, status);
        await body();
    }

    /// <summary>From here on the cluster may be changed by Helm.</summary>
    public void BeginEffect() => Effect = TaskEffect.Partial;

    public Task NoteAsync(string text) => log.NoteAsync(Phase, text, Stop);

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
    public Task<T> CallAsync<T>(Func<k8s.IKubernetes, CancellationToken, Task<T>> call) => cluster.CallAsync(
        call, Effect is TaskEffect.None && !_mayHaveBegun ? options.ClusterPatience : Timeout.InfiniteTimeSpan,
        NoteUnreachableAsync, Stop);

    private async Task NoteUnreachableAsync(DateTimeOffset since, string reason)
    {
        if (_unreachableSince != since)
        {
            _unreachableSince = since;
            await NoteAsync($"The cluster {cluster.Name} does not answer ({reason}); waiting for it.");
        }
    }

    private async Task EnterAsync(string phase, DeploymentStatus? status)
    {
        if (pool.Draining)
        {
            throw new HandOverException();
        }

        var entry = await DatabaseRetry.RunAsync(
            () => queue.EnterPhaseAsync(Task.Id, Task.Fence, phase, status, Stop), Stop);
        Phase = entry switch
        {
            PhaseEntry.Entered => phase,
            PhaseEntry.CancelRequested => throw new StopRequestedException(),
            _ => throw new LeaseLostException(),
        };
    }
}
