using System.Security.Cryptography;
using Platz.Sandbox.Controllers;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>Why a pod's life ends before its containers do.</summary>
internal enum PodEnd { None, Deleted, Gone, Deadline, NodeLost, Shutdown }

/// <summary>The life of one pod, from Pending to its last phase.</summary>
internal sealed class PodWorker(StoredObject pod, KubeletServices services) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _term = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly PodStatus _status = new();
    private IReadOnlyList<ContainerRunner> _containers = [];
    private PodEnd _end;
    private ITimer? _deadline;

    public StoredObject Pod => pod;

    public CancellationToken Term => _term.Token;

    public CancellationToken Kill => _kill.Token;

    public PodAnnotations Wishes { get; } = PodAnnotations.Of(pod.Json);

    public async Task RunAsync()
    {
        try
        {
            await LiveAsync();
        }
        catch (OperationCanceledException) when (Term.IsCancellationRequested)
        {
            // asked to end before there was anything to stop
        }

        services.Helm.Clean(pod.Uid);
        Close();
    }

    /// <summary>SIGTERM now, SIGKILL after the grace; a second call may only shorten it.</summary>
    public void Stop(PodEnd end, TimeSpan grace)
    {
        lock (_gate)
        {
            _end = _end is PodEnd.None or PodEnd.Deleted ? end : _end;
        }

        if (end is PodEnd.Deleted && !Term.IsCancellationRequested)
        {
            foreach (var container in _containers.Where(container => container.State.IsRunning))
            {
                services.Events.Kubelet(pod, "Normal", "Killing", $"Stopping container {container.State.Name}",
                    container.State.Name);
            }
        }

        if (grace > TimeSpan.Zero)
        {
            _kill.CancelAfter(grace);
        }
        else
        {
            _kill.Cancel(); // first: without grace nobody shall hear a SIGTERM
        }

        _term.Cancel();
    }

    public void Publish(Action<PodStatus>? change = null)
    {
        lock (_gate)
        {
            change?.Invoke(_status);
            if (_end is PodEnd.Gone or PodEnd.Shutdown)
            {
                return;
            }

            services.Writer.Set(pod, json => json["status"] = _status.ToJson());
        }
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _term.Dispose();
        _kill.Dispose();
    }

    private async Task LiveAsync()
    {
        await ScheduleAsync();
        await MountAsync();
        foreach (var container in Runners("initContainers", runsOnce: true))
        {
            _status.InitContainers = [.. _status.InitContainers, container.State];
            if ((await container.RunAsync()).Code != 0)
            {
                return;
            }
        }

        if (_status.InitContainers.Count > 0)
        {
            Publish(status => status.Set("Initialized", true, services.Now));
        }

        await Task.WhenAll(_containers.Select(container => container.RunAsync()));
        if (!Term.IsCancellationRequested)
        {
            await Task.Delay(services.Options.PhaseDelay, services.Clock, CancellationToken.None);
        }
    }

    private async Task ScheduleAsync()
    {
        await Task.Delay(services.Options.ScheduleDelay, services.Clock, Term);
        while (ReasonNotToSchedule() is { } why)
        {
            Publish(status => status.Set("PodScheduled", false, services.Now, "Unschedulable", why));
            services.Events.Scheduler(pod, "Warning", "FailedScheduling", why, "Scheduling");
            await Task.Delay(services.Options.RetryDelay, services.Clock, Term);
        }

        lock (_gate)
        {
            _status.Set("PodScheduled", true, services.Now);
            services.Writer.Set(pod, json =>
            {
                json.Ensure("spec")["nodeName"] = Bootstrap.NodeName;
                json["status"] = _status.ToJson();
            });
        }

        services.Events.Scheduler(pod, "Normal", "Scheduled",
            $"Successfully assigned {pod.Namespace}/{pod.Name} to {Bootstrap.NodeName}", "Binding");
    }

    private string? ReasonNotToSchedule()
    {
        if (services.Faults.IsNodeLost)
        {
            return "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. "
                + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling..";
        }

        var labels =
            services.Store.Find(ResourceTypes.Nodes, "", Bootstrap.NodeName)?.Json.Object("metadata", "labels");
        var fits =
            (pod.Json.Object("spec", "nodeSelector") ?? []).All(pair => labels.Text(pair.Key) == pair.Value.Text());
        return fits && !services.Faults.Unschedulable && Wishes.Outcome != PodAnnotations.Unschedulable
            ? null
            : "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are "
                + "available: 1 Preemption is not helpful for scheduling..";
    }

    private async Task MountAsync()
    {
        _containers = Runners("containers", runsOnce: false);
        StartDeadline();
        Publish(status =>
        {
            status.StartTime = services.Now;
            status.Containers = [.. _containers.Select(container => container.State)];
            status.Set("Initialized", !pod.Json.Objects("spec", "initContainers").Any(), services.Now);
            status.SetReadiness(services.Now);
        });
        while (services.Volumes.FindMissing(pod) is { } missing)
        {
            services.Events.Kubelet(pod, "Warning", "FailedMount",
                $"MountVolume.SetUp failed for volume \"{missing.Volume}\" : {missing.Missing}");
            await Task.Delay(services.Options.RetryDelay, services.Clock, Term);
        }

        await Task.Delay(services.Options.StartDelay, services.Clock, Term);
        _status.PodIP = $"10.244.{RandomNumberGenerator.GetInt32(0, 255)}.{RandomNumberGenerator.GetInt32(2, 255)}";
    }

    private List<ContainerRunner> Runners(string list, bool runsOnce) =>
        [.. pod.Json.Objects("spec", list)
            .Select(container => new ContainerRunner(this, container, services, runsOnce))];

    private void StartDeadline()
    {
        if (pod.Json.Number("spec", "activeDeadlineSeconds") is { } seconds)
        {
            var grace = TimeSpan.FromSeconds(pod.Json.Number("spec", "terminationGracePeriodSeconds") ?? 30);
            _deadline = services.Clock.CreateTimer(
                _ => Stop(PodEnd.Deadline, grace), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void Close()
    {
        _deadline?.Dispose();
        switch (_end)
        {
            case PodEnd.Gone or PodEnd.Shutdown:
                return;
            case PodEnd.NodeLost:
                services.Writer.Set(pod, NodeLoss.Fail);
                return;
            case PodEnd.Deadline:
                Publish(status => Finish(status, "Failed", "DeadlineExceeded",
                    "Pod was active on the node longer than the specified deadline"));
                return;
            case PodEnd.Deleted when _containers.Any(container => container.State.HasStarted):
                Publish(status => Finish(status, PhaseByExit()));
                break;
            case PodEnd.None:
                Publish(status => Finish(status, PhaseByExit()));
                return;
        }

        Remove();
    }

    private string PhaseByExit() =>
        _containers.All(container => container.LastExit is { Code: 0 }) ? "Succeeded" : "Failed";

    private void Finish(PodStatus status, string phase, string? reason = null, string? message = null)
    {
        status.Phase = phase;
        status.Reason = reason;
        status.Message = message;
        status.SetReadiness(services.Now);
    }

    private void Remove()
    {
        try
        {
            services.Deleter.Delete(pod.Key, new DeleteOptions { GraceSeconds = 0, Uid = pod.Uid });
        }
        catch (ApiException refused) when (refused.Code is 404 or 409)
        {
            // a delete without grace was quicker
        }
    }
}
