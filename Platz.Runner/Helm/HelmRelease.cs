using System.Globalization;
using k8s;
using k8s.Models;

namespace Platz.Runner.Helm;

/// <summary>A revision of a release as Helm stored it, read from the labels of its Secret.</summary>
/// <param name="TaskId">The task whose run made it; Helm keeps the label through failures, unlike a description.</param>
internal sealed record HelmRelease(int Revision, string Status, string? TaskId)
{
    public const string TaskLabel = "platz-task-id";

    /// <summary>Another run holds the release, or died while holding it.</summary>
    public bool IsLocked => Status.StartsWith("pending-", StringComparison.Ordinal);

    public bool IsDeployed => Status is "deployed" or "superseded";

    /// <summary>All stored revisions, newest first.</summary>
    public static async Task<List<HelmRelease>> ListAsync(
        IKubernetes cluster, string release, string ns, CancellationToken cancel)
    {
        var secrets = await cluster.CoreV1.ListNamespacedSecretAsync(
            ns, labelSelector: $"owner=helm,name={release}", cancellationToken: cancel);
        return [.. secrets.Items.Select(Read).OrderByDescending(r => r.Revision)];
    }

    private static HelmRelease Read(V1Secret secret)
    {
        var labels = secret.Metadata.Labels;
        return new HelmRelease(
            int.Parse(labels["version"], CultureInfo.InvariantCulture),
            labels["status"],
            labels.TryGetValue(TaskLabel, out var task) ? task : null);
    }
}
