using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Watching;

/// <summary>What runs in the namespaces of deployments is in the database shortly after.</summary>
public sealed class ResourceWatcherTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task Workloads_and_pods_come_and_go()
    {
        await StartRunnerAsync();
        var shop = await DeployAsync("hello-web", "1.0.0", "shop");
        await EndOfAsync(shop.TaskId);
        var pod = await PodAsync(shop.DeploymentId, p => p is { Ready: 1, Desired: 1, State: "Running" });
        var all = await AllAsync(shop.DeploymentId);
        var set = Assert.Single(all, r => r.Kind == "ReplicaSet");
        var deployment = Assert.Single(all, r => r.Kind == "Deployment");
        Assert.Equal((set.Id, deployment.Id), (pod.OwnerId!.Value, set.OwnerId!.Value));
        Assert.Equal(["success"], deployment.StatusColor);
        Assert.False(deployment.Metadata.ContainsKey("managedFields"));

        await Sandbox.DeleteAsync($"/api/v1/namespaces/helloweb-shop/pods/{pod.Name}", Cancel);
        var next = await PodAsync(shop.DeploymentId, p => p.Id != pod.Id && p.Ready == 1);
        await UntilAsync(async db => await db.K8sResources.AnyAsync(r => r.Id == pod.Id, Cancel) ? null : "gone");
        Assert.NotEqual(pod.Name, next.Name);
    }

    [Fact]
    public async Task A_pod_that_waits_says_why()
    {
        await StartRunnerAsync();
        var shop = await DeployAsync("hello-web", "1.1.0", "shop", config: [], valuesOverride: new()
        {
            ["podAnnotations"] = new JsonObject { ["sandbox.platz.io/outcome"] = "image-pull" },
        });
        var pod = await PodAsync(shop.DeploymentId, p => p.State is "ErrImagePull" or "ImagePullBackOff");
        Assert.NotNull(pod.Message);
        Assert.Equal(["danger"], pod.StatusColor);
    }

    [Fact]
    public async Task What_was_missed_while_nobody_watched_is_made_up_for()
    {
        var first = await StartRunnerAsync();
        var shop = await DeployAsync("hello-web", "1.0.0", "shop");
        await EndOfAsync(shop.TaskId);
        var pod = await PodAsync(shop.DeploymentId, p => p.Ready == 1);
        await StopRunnersAsync();

        await Sandbox.DeleteAsync($"/api/v1/namespaces/helloweb-shop/pods/{pod.Name}", Cancel);
        await StartRunnerAsync();
        await PodAsync(shop.DeploymentId, p => p.Id != pod.Id && p.Ready == 1);
        await UntilAsync(async db => await db.K8sResources.AnyAsync(r => r.Id == pod.Id, Cancel) ? null : "gone");
    }

    private Task<K8sResource> PodAsync(Guid deploymentId, Func<K8sResource, bool> wanted) => UntilAsync(async db =>
        (await db.K8sResources.AsNoTracking().Where(r => r.DeploymentId == deploymentId && r.Kind == "Pod")
            .ToListAsync(Cancel)).Find(p => wanted(p)));

    private async Task<List<K8sResource>> AllAsync(Guid deploymentId)
    {
        await using var db = await DbAsync();
        return await db.K8sResources.AsNoTracking().Where(r => r.DeploymentId == deploymentId).ToListAsync(Cancel);
    }
}
