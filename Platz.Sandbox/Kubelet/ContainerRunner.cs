using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>One container of a pod: image, configuration, run, and again if the pod restarts it.</summary>
internal sealed partial class ContainerRunner(
    PodWorker worker, JsonObject container, KubeletServices services, bool runsOnce)
{
    private const int MostBackoff = 32;
    private const int MessageBytes = 2048;

    /// <summary>What crashes at once must never be seen ready, or a helm that waits takes it for a success.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(50);

    private readonly string _image = container.Text("image") ?? "";
    private readonly string _policy = worker.Pod.Json.Text("spec", "restartPolicy") ?? "Always";

    public ContainerState State { get; } = new(container.Text("name") ?? "", container.Text("image") ?? "");

    public ContainerExit? LastExit { get; private set; }

    private bool RunsForever => _policy == "Always" && !runsOnce;

    /// <summary>The exit that ends the container for good.</summary>
    public async Task<ContainerExit> RunAsync()
    {
        var backoff = services.Options.CrashBackoff;
        while (true)
        {
            await PullAsync();
            await ConfigureAsync();
            var exit = await RunOnceAsync();
            if (worker.Term.IsCancellationRequested || !Restarts(exit))
            {
                return exit;
            }

            State.Wait("CrashLoopBackOff",
                $"back-off {backoff.TotalSeconds:0}s restarting failed container={State.Name} "
                + $"pod={worker.Pod.Name}_{worker.Pod.Namespace}({worker.Pod.Uid})");
            worker.Publish(status => status.SetReadiness(services.Now));
            services.Events.Kubelet(worker.Pod, "Warning", "BackOff",
                $"Back-off restarting failed container {State.Name} in pod {worker.Pod.Name}", State.Name);
            await Task.Delay(backoff, services.Clock, worker.Term);
            State.Restart();
            backoff = backoff * 2 < services.Options.CrashBackoff * MostBackoff ? backoff * 2 : backoff;
        }
    }

    private bool Restarts(ContainerExit exit) => _policy switch
    {
        "Always" => RunsForever || exit.Code != 0,
        "OnFailure" => exit.Code != 0,
        _ => false,
    };

    private async Task PullAsync()
    {
        if (!ImageName.IsMatch(_image))
        {
            await WaitForEverAsync("InvalidImageName",
                $"Failed to apply default image tag \"{_image}\": couldn't parse "
                + $"image reference \"{_image}\": invalid reference format");
        }

        while (worker.Wishes.Outcome == PodAnnotations.ImagePull
            || HostOf(_image).EndsWith(".invalid", StringComparison.Ordinal))
        {
            await FailPullAsync();
        }
    }

    private async Task FailPullAsync()
    {
        var host = HostOf(_image);
        var why = $"rpc error: code = Unknown desc = failed to pull and unpack image \"{_image}\": failed to resolve "
            + $"reference \"{_image}\": failed to do request: Head \"{ManifestUrl(host)}\": dial tcp: lookup {host}: "
            + "no such host";
        services.Events.Kubelet(worker.Pod, "Normal", "Pulling", $"Pulling image \"{_image}\"", State.Name);
        services.Events.Kubelet(
            worker.Pod, "Warning", "Failed", $"Failed to pull image \"{_image}\": {why}", State.Name);
        services.Events.Kubelet(worker.Pod, "Warning", "Failed", "Error: ErrImagePull", State.Name);
        await ShowWaitingAsync("ErrImagePull", why);
        services.Events.Kubelet(worker.Pod, "Normal", "BackOff", $"Back-off pulling image \"{_image}\"", State.Name);
        services.Events.Kubelet(worker.Pod, "Warning", "Failed", "Error: ImagePullBackOff", State.Name);
        await ShowWaitingAsync("ImagePullBackOff", $"Back-off pulling image \"{_image}\"");
    }

    private async Task ConfigureAsync()
    {
        while (services.Volumes.FindMissing(worker.Pod, container) is { } missing)
        {
            services.Events.Kubelet(worker.Pod, "Warning", "Failed", $"Error: {missing}", State.Name);
            await ShowWaitingAsync("CreateContainerConfigError", missing);
        }
    }

    private async Task<ContainerExit> RunOnceAsync()
    {
        worker.Term.ThrowIfCancellationRequested();
        using var log = services.Logs.Create(worker.Pod.Uid, State.Name, State.Restarts);
        var startedAt = services.Now;
        services.Events.Kubelet(worker.Pod, "Normal", "Pulled",
            $"Container image \"{_image}\" already present on machine", State.Name);
        State.Run(startedAt);
        State.Ready = ReadyAfter() == TimeSpan.Zero;
        services.Events.Kubelet(worker.Pod, "Normal", "Created", $"Created container {State.Name}", State.Name);
        services.Events.Kubelet(worker.Pod, "Normal", "Started", $"Started container {State.Name}", State.Name);
        ShowRunning();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(worker.Term);
        var readiness = BecomeReadyAsync(ended.Token);
        var exit = Explain(await RunProcessAsync(log), log);
        await ended.CancelAsync();
        await readiness;
        LastExit = exit;
        State.Terminate(exit, startedAt, services.Now);
        log.Complete();
        worker.Publish();
        return exit;
    }

    private async Task<ContainerExit> RunProcessAsync(ContainerLog log)
    {
        if (!services.Helm.IsHelm(container))
        {
            return await new SimulatedProcess(worker.Pod.Json, container, services.Clock)
                .RunAsync(log, worker.Term, worker.Kill);
        }

        var (process, scripted, refusal) = services.Helm.Prepare(worker.Pod, container, services.Clock);
        if (process is null)
        {
            log.Append(Encoding.UTF8.GetBytes($"Error: {refusal}\n"));
            return new ContainerExit(128, "StartError", refusal);
        }

        var run = services.Ledger.Begin(worker.Pod, HelmPods.Arguments(container) ?? [], scripted);
        var exit = await process.RunAsync(log, worker.Term, worker.Kill);
        services.Ledger.End(run, exit.Code);
        return exit;
    }

    /// <summary>Failures quote the end of the log where the pod asks for it.</summary>
    private ContainerExit Explain(ContainerExit exit, ContainerLog log)
    {
        var wanted = container.Text("terminationMessagePolicy") == "FallbackToLogsOnError";
        if (exit.Code == 0 || exit.Message is not null || !wanted)
        {
            return exit;
        }

        var tail = Encoding.UTF8.GetString(log.Tail(MessageBytes));
        return exit with { Message = tail.Replace("\0", "\uFFFD", StringComparison.Ordinal) };
    }

    private void ShowRunning() => worker.Publish(status =>
    {
        status.Phase = runsOnce ? status.Phase : "Running";
        status.SetReadiness(services.Now);
    });

    private TimeSpan ReadyAfter()
    {
        if (worker.Wishes.Outcome is not null)
        {
            return Timeout.InfiniteTimeSpan; // all outcomes are ways to go wrong
        }

        return (RunsForever, worker.Wishes.Seconds) switch
        {
            (true, { } seconds) => TimeSpan.FromSeconds(seconds),
            _ when container.ContainsKey("readinessProbe") => services.Options.ReadyDelay,
            (true, _) => s_settling,
            _ => TimeSpan.Zero,
        };
    }

    private async Task BecomeReadyAsync(CancellationToken ended)
    {
        if (State.Ready)
        {
            return;
        }

        try
        {
            await Task.Delay(ReadyAfter(), services.Clock, ended);
        }
        catch (OperationCanceledException)
        {
            return; // it ended before it was ready
        }

        State.Ready = true;
        worker.Publish(status => status.SetReadiness(services.Now));
    }

    private async Task WaitForEverAsync(string reason, string message)
    {
        services.Events.Kubelet(worker.Pod, "Warning", "Failed", $"Error: {reason}", State.Name);
        while (true)
        {
            await ShowWaitingAsync(reason, message);
        }
    }

    private async Task ShowWaitingAsync(string reason, string message)
    {
        State.Wait(reason, message);
        worker.Publish(status => status.SetReadiness(services.Now));
        await Task.Delay(services.Options.RetryDelay, services.Clock, worker.Term);
    }

    private string ManifestUrl(string host)
    {
        var repository = SandboxOptions.RepositoryOf(_image);
        var path = repository.StartsWith(host, StringComparison.Ordinal) ? repository[(host.Length + 1)..] : repository;
        var tag = _image.Length > repository.Length ? _image[(_image.LastIndexOf(':') + 1)..] : "latest";
        return $"https://{host}/v2/{path}/manifests/{tag}";
    }

    private static string HostOf(string image)
    {
        var first = image.Split('/')[0];
        return image.Contains('/', StringComparison.Ordinal) && first.AsSpan().IndexOfAny(".:") >= 0
            ? first.Split(':')[0]
            : "docker.io";
    }

    [GeneratedRegex(@"^([A-Za-z0-9.-]+(:\d+)?/)?[a-z0-9][a-z0-9._/-]*(:\w[\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$")]
    private static partial Regex ImageName { get; }
}
