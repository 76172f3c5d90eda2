using System.Text.Json.Nodes;
using Platz.Core.Resources;
using Platz.Core.Tasks;

namespace Platz.Runner.Watching;

/// <summary>
/// What a cluster says of an object, made fit to be kept and shown: a chart may have put a secret into a label, an
/// annotation, the name of an image that then is not found.
/// </summary>
internal static class SeenText
{
    /// <summary>Who may write annotations that are kept. Those of others hold anything: checksums, settings, secrets.</summary>
    private static readonly string[] s_known = ["kubernetes.io", "k8s.io", "helm.sh"];

    public static void Clean(K8sResource resource, Redactor redactor)
    {
        resource.State = Clean(resource.State, redactor);
        resource.Message = Clean(resource.Message, redactor);
        foreach (var (key, value) in (resource.Metadata["labels"] as JsonObject ?? []).ToList())
        {
            resource.Metadata["labels"]![key] = Clean((string?)value, redactor);
        }

        foreach (var (key, _) in (resource.Metadata["annotations"] as JsonObject ?? []).Where(a => !IsKnown(a.Key)).ToList())
        {
            resource.Metadata["annotations"]!.AsObject().Remove(key);
        }
    }

    private static bool IsKnown(string annotation) => annotation.Split('/') is [var domain, _]
        && s_known.Any(known => domain == known || domain.EndsWith($".{known}", StringComparison.Ordinal));

    private static string? Clean(string? text, Redactor redactor) =>
        text is null ? null : redactor.Redact(text).Replace("\0", "\uFFFD", StringComparison.Ordinal);
}
