using System.Text;
using k8s;
using k8s.Models;
using Platz.Core.Values;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

/// <summary>
/// The Kubernetes Secrets that a chart's form fills, applied before Helm runs. One that the form does not fill any more
/// is removed: what somebody has taken out of the form must not stay behind in the cluster.
/// </summary>
internal static class FormSecrets
{
    private const string FieldManager = "platz";
    private const string Label = "platz.io/form-secret";

    /// <summary>Names of those that forms have filled before.</summary>
    public static async Task<List<string>> ListAsync(TaskRun run)
    {
        var there = await run.CallAsync((c, cancel) => c.CoreV1.ListNamespacedSecretAsync(
            run.Place.Namespace, labelSelector: $"{Label}=yes", cancellationToken: cancel));
        return [.. there.Items.Select(secret => secret.Metadata.Name)];
    }

    /// <param name="there">See <see cref="ListAsync"/>.</param>
    public static async Task ApplyAsync(IReadOnlyList<NamespaceSecret> secrets, List<string> there, TaskRun run)
    {
        var ns = run.Place.Namespace;
        foreach (var secret in secrets)
        {
            var body = new V1Patch(KubernetesJson.Serialize(Secret(secret, ns)), V1Patch.PatchType.ApplyPatch);
            await run.CallAsync((c, cancel) => c.CoreV1.PatchNamespacedSecretAsync(
                body, secret.Name, ns, fieldManager: FieldManager, force: true, cancellationToken: cancel));
        }

        var kept = secrets.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var old in there.Where(name => !kept.Contains(name)))
        {
            await run.CallAsync(async (c, cancel) =>
            {
                await c.DeleteSecretAsync(old, ns, cancel);
                return true;
            });
        }
    }

    private static V1Secret Secret(NamespaceSecret secret, string ns) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Type = "Opaque",
        Metadata = new V1ObjectMeta
        {
            Name = secret.Name,
            NamespaceProperty = ns,
            Labels = new Dictionary<string, string>(ClusterOperations.Managed()) { [Label] = "yes" },
        },
        Data = secret.Data.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value)),
    };
}
