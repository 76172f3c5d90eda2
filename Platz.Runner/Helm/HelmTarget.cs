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
        return await run.CallAsync(async (c, cancel) =>
        {
            var token = c.CreateHelmTokenAsync(run.Place.Namespace, lifetime, cancel);
            var ca = c.CoreV1.ReadNamespacedConfigMapAsync(CaConfigMap, run.Place.Namespace, cancellationToken: cancel);
            await Task.WhenAll(token, ca);
            return new HelmFiles(await token, (await ca).Data?["ca.crt"]);
        });
    }
}
