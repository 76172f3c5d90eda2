using System.Collections.Concurrent;
using Platz.Sandbox.Controllers;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>The one node: a worker for each pod, started, stopped and forgotten as the store tells.</summary>
internal sealed partial class NodeAgent(KubeletServices services, SandboxFolders folders, ILogger<NodeAgent> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, (PodWorker Worker, Task Life)> _workers = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        LeftoverRuns.End(folders.Runs, services.Options.HelmBinary);
        foreach (var stored in services.Store.List(ResourceTypes.Pods).Objects)
        {
            Recover(stored);
        }

        services.Faults.NodeChanged += ShowNode;
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Stops all processes at once; the pods stay as they are and are found lost at the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        services.Faults.NodeChanged -= ShowNode;
        await base.StopAsync(cancellationToken);
        foreach (var (worker, _) in _workers.Values)
        {
            worker.Stop(PodEnd.Shutdown, TimeSpan.Zero);
        }

        await Task.WhenAll(_workers.Values.Select(entry => entry.Life)).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var version = TakeAll();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = services.Store.Changed;
            if (services.Store.ChangesAfter(version) is not { } changes)
            {
                version = TakeAll();
                continue;
            }

            foreach (var change in changes)
            {
                version = change.Version;
                Take(change);
            }

            if (changes.Count == 0)
            {
                await changed.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private long TakeAll()
    {
        var (pods, version) = services.Store.List(ResourceTypes.Pods);
        foreach (var stored in pods)
        {
            Take(new StoreChange(ChangeKind.Added, stored, null));
        }

        var present = pods.Select(stored => stored.Uid).ToHashSet();
        foreach (var (uid, entry) in _workers.Where(entry => !present.Contains(entry.Key)))
        {
            entry.Worker.Stop(PodEnd.Gone, TimeSpan.Zero);
        }

        return version;
    }

    private void Take(StoreChange change)
    {
        var stored = change.Stored;
        if (stored.Type != ResourceTypes.Pods)
        {
            return;
        }

        var isKnown = _workers.TryGetValue(stored.Uid, out var entry);
        switch (change.Kind)
        {
            case ChangeKind.Deleted when isKnown:
                entry.Worker.Stop(PodEnd.Gone, TimeSpan.Zero);
                break;
            case ChangeKind.Deleted:
                services.Logs.Delete(stored.Uid);
                break;
            case var _ when isKnown && stored.Json.IsBeingDeleted:
                entry.Worker.Stop(PodEnd.Deleted,
                    TimeSpan.FromSeconds(stored.Json.Number("metadata", "deletionGracePeriodSeconds") ?? 0));
                break;
            case ChangeKind.Added when !isKnown && stored.Json.Text("status", "phase") == "Pending":
                Start(stored);
                break;
        }
    }

    private void Start(StoredObject stored)
    {
        var worker = new PodWorker(stored, services);
        _workers[stored.Uid] = (worker, Task.Run(() => LiveAsync(worker)));
    }

    private async Task LiveAsync(PodWorker worker)
    {
        try
        {
            await worker.RunAsync();
        }
        catch (Exception bug)
        {
            LogBug(worker.Pod.Namespace, worker.Pod.Name, bug);
            worker.Publish(status =>
            {
                (status.Phase, status.Reason, status.Message) = ("Failed", "SandboxError", bug.Message);
                status.SetReadiness(services.Now);
            });
        }

        _workers.TryRemove(worker.Pod.Uid, out _);
        if (services.Store.Find(ResourceTypes.Pods, worker.Pod.Namespace, worker.Pod.Name)?.Uid != worker.Pod.Uid)
        {
            services.Logs.Delete(worker.Pod.Uid);
        }
    }

    /// <summary>What ran when the last process stopped is lost; what was on its way out is gone.</summary>
    private void Recover(StoredObject stored)
    {
        if (stored.Json.Text("spec", "nodeName") is null
            || stored.Json.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return;
        }

        var lost = services.Writer.Set(stored, NodeLoss.Fail)!;
        if (lost.Json.IsBeingDeleted)
        {
            services.Deleter.Delete(lost.Key, new DeleteOptions { GraceSeconds = 0 });
        }
    }

    private void ShowNode()
    {
        var lost = services.Faults.IsNodeLost;
        services.Writer.Set(new ObjectKey(ResourceTypes.Nodes, "", Bootstrap.NodeName), node =>
        {
            var ready = node.Objects("status", "conditions").First(condition => condition.Text("type") == "Ready");
            ready["status"] = lost ? "Unknown" : "True";
            ready["reason"] = lost ? "NodeStatusUnknown" : "KubeletReady";
            ready["message"] =
                lost ? "Kubelet stopped posting node status." : "the sandbox's simulated kubelet is ready";
        });
        foreach (var (worker, _) in lost ? [.. _workers.Values] : Array.Empty<(PodWorker, Task)>())
        {
            worker.Stop(PodEnd.NodeLost, TimeSpan.Zero);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The simulation of pod {Namespace}/{Pod} broke")]
    private partial void LogBug(string @namespace, string pod, Exception bug);
}
