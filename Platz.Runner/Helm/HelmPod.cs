using System.Diagnostics;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>One run of Helm in the target cluster: created or adopted, followed, and deleted after the outcome is recorded.</summary>
internal sealed class HelmPod(TaskRun run, string name)
{
    /// <summary>What a pod waits for in its first moment is no news: it is there before its Secret.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(3);

    private string Namespace => run.Options.Namespace;

    public Task<V1Pod?> FindAsync() => run.CallAsync((c, cancel) => c.FindPodAsync(name, Namespace, cancel));

    public Task EnsurePlaceAsync() => run.CallAsync(async (c, cancel) =>
    {
        await c.EnsureRunnerNamespaceAsync(Namespace, cancel);
        return true;
    });

    public async Task<V1Pod> CreateAsync(string[] arguments)
    {
        var pod = HelmPodSpec.Build(name, Namespace, run.Task, arguments, run.Options);
        run.BeginEffect();
        return await run.CallAsync(async (c, cancel) =>
        {
            try
            {
                return await c.CoreV1.CreateNamespacedPodAsync(pod, Namespace, cancellationToken: cancel);
            }
            catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict))
            {
                return Ours(await c.CoreV1.ReadNamespacedPodAsync(name, Namespace, cancellationToken: cancel));
            }
        });
    }

    /// <summary>The pod waits for this Secret; its owner is the pod, so that both go together.</summary>
    public Task GiveFilesAsync(V1Pod pod, Dictionary<string, byte[]> files) => run.CallAsync((c, cancel) =>
        ClusterOperations.CreateAsync(() =>
            c.CoreV1.CreateNamespacedSecretAsync(Secret(pod, files), Namespace, cancellationToken: cancel)));

    /// <summary>Waits until the container runs or has run.</summary>
    /// <exception cref="OperationException">It does not start; the pod is gone then, so that Helm cannot start late.</exception>
    public async Task WaitForStartAsync(V1Pod pod)
    {
        var waiting = Stopwatch.StartNew();
        string? known = null, told = null;
        await foreach (var seen in PodWatch.FollowAsync(run, pod, Namespace))
        {
            if (seen is null || PodState.HasStarted(seen))
            {
                return;
            }

            known = await PodState.WaitingReasonAsync(run, seen) ?? known;
            if (known != told && waiting.Elapsed > s_moment)
            {
                run.Note($"The Helm pod has not started: {known}");
                told = known;
            }

            if (waiting.Elapsed > run.Options.PodStartTimeout)
            {
                await RemoveAsync(pod, graceSeconds: 0);
                throw new OperationException(
                    $"The Helm pod did not start within {run.Options.PodStartTimeout.TotalSeconds:0} s: "
                    + (known ?? "the cluster does not say why") + ".");
            }
        }
    }

    /// <summary>Follows the log to its end, and says how the container ended; null when the pod is gone.</summary>
    public async Task<PodEnd?> FollowAsync(V1Pod pod, PodLog log)
    {
        await log.ResumeAsync();
        while (true)
        {
            try
            {
                await log.ReadAsync(follow: true, tail: null);
            }
            catch (Exception e) when (e is IOException or HttpRequestException or HttpOperationException
                or OperationCanceledException or TimeoutException
                && !run.Stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), run.Stop); // cut: read on from the last line
            }

            if (await FindAsync() is not { } now || now.Metadata.Uid != pod.Metadata.Uid)
            {
                log.Complete();
                return null;
            }

            if (PodState.End(now) is { } end)
            {
                await ReadRestAsync(log);
                return end;
            }
        }
    }

    public void DeleteAfterFinish(V1Pod pod)
    {
        var cluster = run.Place.Cluster; // by then the run may be at another place
        run.AfterFinish(cancel =>
            cluster.Client.DeletePodAsync(name, Namespace, pod.Metadata.Uid, graceSeconds: 0, cancel));
    }

    /// <summary>Deletes the pod and waits until it is gone.</summary>
    public async Task RemoveAsync(V1Pod pod, int graceSeconds)
    {
        await run.CallAsync(async (c, cancel) =>
        {
            await c.DeletePodAsync(name, Namespace, pod.Metadata.Uid, graceSeconds, cancel);
            return true;
        });
        while (await FindAsync() is { } left && left.Metadata.Uid == pod.Metadata.Uid)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), run.Stop);
        }
    }

    /// <summary>A successor adopts this pod, but only if it is of the same task.</summary>
    public V1Pod Ours(V1Pod pod) => pod.GetLabel(ClusterOperations.TaskLabel) == $"{run.Task.Id}"
        ? pod
        : throw new OperationException($"There is a pod {Namespace}/{name} that was not made for this task.");

    /// <summary>The log may have been cut just before the end; its last lines tell.</summary>
    private async Task ReadRestAsync(PodLog log)
    {
        const int enough = 500;
        try
        {
            if (!await log.ReadAsync(follow: false, tail: enough))
            {
                await log.ReadAsync(follow: false, tail: null);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or HttpOperationException
                or OperationCanceledException or TimeoutException
            && !run.Stop.IsCancellationRequested)
        {
            run.Note($"The end of the output could not be read again: {ClusterError.Reason(e)}");
        }

        log.Complete();
    }

    private V1Secret Secret(V1Pod pod, Dictionary<string, byte[]> files) => new()
    {
        Type = "Opaque",
        Data = files,
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = Namespace,
            Labels = new Dictionary<string, string>
            {
                [ClusterOperations.ManagedBy] = "platz",
                [ClusterOperations.TaskLabel] = $"{run.Task.Id}",
            },
            OwnerReferences =
            [
                new V1OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = name, Uid = pod.Metadata.Uid },
            ],
        },
    };
}
