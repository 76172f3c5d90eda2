using k8s;
using k8s.Models;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Clusters;

/// <summary>What in a namespace is not ready and why, for the end of a failed task's log (contract 2.5).</summary>
internal static class Diagnosis
{
    private const int MaxPods = 20;
    private const int MaxEvents = 10;

    public static async Task<List<string>> OfAsync(TaskRun run, string ns)
    {
        var pods = await run.CallAsync((c, cancel) => c.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: cancel));
        var events = await run.CallAsync((c, cancel) => c.CoreV1.ListNamespacedEventAsync(
            ns, fieldSelector: "type=Warning", cancellationToken: cancel));
        var lines = pods.Items.Where(p => !IsReady(p)).Take(MaxPods).SelectMany(Describe).ToList();
        lines.AddRange(events.Items.OrderByDescending(SeenAt).Take(MaxEvents).Reverse().Select(Describe));
        return lines;
    }

    /// <summary>The scheduler's events have no last timestamp, the kubelet's no event time (kubernetes.md 2.7).</summary>
    public static DateTime SeenAt(Corev1Event e) =>
        e.LastTimestamp ?? e.EventTime ?? e.Metadata.CreationTimestamp ?? DateTime.MinValue;

    private static bool IsReady(V1Pod pod) => pod.Status?.Phase is "Succeeded"
        || pod.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) is true;

    private static IEnumerable<string> Describe(V1Pod pod)
    {
        yield return $"Not ready: pod {pod.Metadata.Name} is {pod.Status?.Phase ?? "Pending"}";
        if (pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } scheduled)
        {
            yield return $"  {scheduled.Reason}: {scheduled.Message}";
        }

        foreach (var container in pod.Status?.ContainerStatuses ?? [])
        {
            if (Describe(container) is { } state)
            {
                yield return $"  container {container.Name}: {state}";
            }
        }
    }

    private static string? Describe(V1ContainerStatus container) => container switch
    {
        { State.Waiting: { } waiting } =>
            $"{waiting.Reason} {waiting.Message}".TrimEnd() + LastEnd(container),
        { State.Terminated: { } ended } => $"{ended.Reason}, exit code {ended.ExitCode}" + Restarts(container),
        { Ready: false } => "running, but its readiness probe fails" + Restarts(container),
        _ => null,
    };

    private static string LastEnd(V1ContainerStatus container) => container.LastState?.Terminated is { } last
        ? $" (before: {last.Reason}, exit code {last.ExitCode})" + Restarts(container)
        : "";

    private static string Restarts(V1ContainerStatus container) =>
        container.RestartCount > 0 ? $", restarted {container.RestartCount} times" : "";

    private static string Describe(Corev1Event e) =>
        $"Event: {e.InvolvedObject.Kind} {e.InvolvedObject.Name}: {e.Reason}: {e.Message}";
}
