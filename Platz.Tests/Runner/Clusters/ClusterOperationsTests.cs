using k8s;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Clusters;

/// <summary>What a name was looked up for may have gone, and another have taken its place.</summary>
public sealed class ClusterOperationsTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new();
    private Kubernetes? _cluster;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Kubernetes Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        _cluster = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_sandbox.KubeconfigFile));
        await _sandbox.CreateNamespaceAsync("shop", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster?.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_is_deleted_only_by_the_uid_that_it_was_known_by()
    {
        await _sandbox.CreatePodAsync("shop", "task", Cancel);
        var pod = (await Cluster.FindPodAsync("task", "shop", Cancel))!;

        await Cluster.DeletePodAsync("task", "shop", $"{Guid.NewGuid()}", 0, Cancel);
        Assert.Null((await Cluster.FindPodAsync("task", "shop", Cancel))?.Metadata.DeletionTimestamp);
        Assert.Equal(pod.Metadata.Uid, (await Cluster.FindPodAsync("task", "shop", Cancel))?.Metadata.Uid);

        await Cluster.DeletePodAsync("task", "shop", pod.Metadata.Uid, 0, Cancel);
        await _sandbox.UntilAsync("/api/v1/namespaces/shop/pods", list => list["items"]!.AsArray().Count == 0, Cancel);
    }

    [Fact]
    public async Task A_namespace_is_deleted_only_by_the_uid_that_it_was_known_by()
    {
        var ns = (await Cluster.FindNamespaceAsync("shop", Cancel))!;
        var before = new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop", Uid = $"{Guid.NewGuid()}" } };

        Assert.False(await Cluster.TryDeleteNamespaceAsync(before, Cancel));
        Assert.False((await Cluster.FindNamespaceAsync("shop", Cancel))!.IsTerminating());

        Assert.True(await Cluster.TryDeleteNamespaceAsync(ns, Cancel));
    }
}
