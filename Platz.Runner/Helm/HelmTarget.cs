using k8s;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>What Helm needs to reach its own cluster from within a pod.</summary>
internal static class HelmTarget
{
    private const string CaConfigMap = "kube-root-ca.crt";

    /// <summary>A token of the account in the target namespace, valid for one run.</summary>
    public static async Task<HelmFiles> CredentialsAsync(TaskRun run)
    {
        var lifetime = run.Options.HelmTimeout + run.Options.PodStartTimeout + TimeSpan.FromMinutes(2);
        var token = await run.CallAsync((c, cancel) => c.CreateHelmTokenAsync(run.Place.Namespace, lifetime, cancel));
        var ca = await run.CallAsync((c, cancel) => c.CoreV1.ReadNamespacedConfigMapAsync(
            CaConfigMap, run.Place.Namespace, cancellationToken: cancel));
        return new HelmFiles(token, ca.Data?["ca.crt"]);
    }
}
