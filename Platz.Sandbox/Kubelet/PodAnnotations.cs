using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>What a pod asks of its simulation through annotations.</summary>
internal sealed record PodAnnotations(string? Outcome, double? Seconds, long LogLines, bool IgnoresTerm)
{
    public const string ImagePull = "image-pull";
    public const string Crash = "crash";
    public const string NeverReady = "never-ready";
    public const string Unschedulable = "unschedulable";
    public const string OutOfMemory = "oom";

    private const string Prefix = "sandbox.platz.io/";
    private const long MostLines = 10_000_000;

    /// <summary>True when the pod leaves nothing to its command.</summary>
    public bool SaysAnything => Outcome is not null || Seconds is not null || LogLines > 0;

    public static PodAnnotations Of(JsonObject pod)
    {
        var seconds = double.TryParse(pod.Annotation($"{Prefix}seconds"), CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(number, 0, 86_400)
            : (double?)null;
        var lines = long.TryParse(pod.Annotation($"{Prefix}log-lines"), CultureInfo.InvariantCulture, out var count)
            ? Math.Clamp(count, 0, MostLines)
            : 0;
        return new PodAnnotations(pod.Annotation($"{Prefix}outcome"), seconds, lines,
            pod.Annotation($"{Prefix}ignores-term") == "true");
    }
}
