using k8s;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>How a container ended.</summary>
/// <param name="Reason">Kubernetes' word where it is not simply an exit: OOMKilled, DeadlineExceeded, Evicted, NodeLost.</param>
internal sealed record PodEnd(int ExitCode, string? Reason, string? Message)
{
    public bool Succeeded => ExitCode == 0 && Reason is null;

    public string? InWords => Reason switch
    {
        null => null,
        "OOMKilled" => "The Helm pod ran out of memory (OOMKilled).",
        "DeadlineExceeded" => "The Helm pod was stopped because it ran past its deadline (DeadlineExceeded).",
        _ => $"The Helm pod was stopped: {Reason}{(Message is null ? "" : $", {Message}")}.",
    };
}

/// <summary>Reads pods: Kubernetes tells the same thing in three different places (kubernetes.md 2.4).</summary>
internal static class PodState
{
    private static readonly HashSet<string> s_ordinary = ["ContainerCreating", "PodInitializing"];

    public static bool HasStarted(V1Pod pod) =>
        pod.Status?.Phase is "Running" or "Succeeded" or "Failed" || Terminated(pod) is not null;

    /// <summary>Null while it runs: the log ends before the phase changes, and the container's state before both.</summary>
    public static PodEnd? End(V1Pod pod)
    {
        var reason = string.IsNullOrEmpty(pod.Status?.Reason) ? null : pod.Status.Reason;
        if (Terminated(pod) is { } terminated)
        {
            var cause = terminated.Reason is "Completed" or "Error" or null ? reason : terminated.Reason;
            return new PodEnd(terminated.ExitCode, cause, pod.Status?.Message ?? terminated.Message);
        }

        return pod.Status?.Phase is "Failed" ? new PodEnd(-1, reason ?? "Failed", pod.Status.Message)
            : pod.Status?.Phase is "Succeeded" ? new PodEnd(0, null, null)
            : null;
    }

    /// <summary>Why a pod does not start, in the cluster's words; null when nothing is wrong yet.</summary>
    public static async Task<string?> WaitingReasonAsync(TaskRun run, V1Pod pod)
    {
        var waiting = pod.Status?.ContainerStatuses?.Select(c => c.State?.Waiting).FirstOrDefault(w => w is not null);
        if (waiting is not null && !s_ordinary.Contains(waiting.Reason ?? ""))
        {
            return $"{waiting.Reason}: {waiting.Message}";
        }

        if (pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == "False") is { } scheduled)
        {
            return $"{scheduled.Reason}: {scheduled.Message}";
        }

        var events = await run.CallAsync((c, cancel) => c.CoreV1.ListNamespacedEventAsync(
            pod.Metadata.NamespaceProperty,
            fieldSelector: $"involvedObject.name={pod.Metadata.Name},type=Warning", cancellationToken: cancel));
        return events.Items.OrderByDescending(Diagnosis.SeenAt).Select(e => $"{e.Reason}: {e.Message}").FirstOrDefault();
    }

    private static V1ContainerStateTerminated? Terminated(V1Pod pod) =>
        pod.Status?.ContainerStatuses?.Select(c => c.State?.Terminated).FirstOrDefault(t => t is not null);
}
