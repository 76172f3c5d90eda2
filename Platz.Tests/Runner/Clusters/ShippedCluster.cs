using k8s;
using k8s.Models;
using Platz.Runner;
using Platz.Runner.Clusters;
using Platz.Runner.Helm;
using Platz.Tests.Support;
using Platz.Tests.Web.Tasks;

namespace Platz.Tests.Runner.Clusters;

/// <summary>
/// A cluster as a platform team hands it over: the shipped manifests, the namespace of one deployment made by the runner
/// with the rights it has there, and namespaces of other people.
/// </summary>
public sealed class ShippedCluster : IAsyncLifetime
{
    public SandboxServer Sandbox { get; } = new();

    /// <summary>The runner's, from the shipped account.</summary>
    public string RunnerToken { get; private set; } = "";

    /// <summary>What a Helm pod of the deployment in <c>shop</c> finds in its kubeconfig.</summary>
    public string HelmToken { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        RunnerToken = await Sandbox.ApplyShippedAsync(CancellationToken.None);
        await Sandbox.CreateNamespaceAsync("other", CancellationToken.None);
        using var runner = await ClientAsync(RunnerToken);
        await runner.CreateDeploymentNamespaceAsync("shop", Guid.NewGuid(), dryRun: false, CancellationToken.None);
        await runner.EnsureHelmAccountAsync("shop", CancellationToken.None);
        HelmToken = await runner.CreateHelmTokenAsync("shop", TimeSpan.FromMinutes(14), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    internal async Task<Kubernetes> ClientAsync(string token)
    {
        var file = await Sandbox.KubeconfigOfAsync(token, Path.GetRandomFileName(), CancellationToken.None);
        return new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(file));
    }

    internal static V1Pod HelmPod(string name) =>
        HelmPodSpec.Build(name, "platz", SomeTask.With(), ["version"], new RunnerOptions());
}
