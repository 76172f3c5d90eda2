using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

public sealed class RestartTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    private const string Deployments = "/apis/apps/v1/namespaces/{ns}/deployments";
    private const string StatefulSets = "/apis/apps/v1/namespaces/{ns}/statefulsets";
    private const string Pods = "/api/v1/namespaces/{ns}/pods";

    [Fact]
    public async Task What_runs_is_replaced_once_and_the_deployment_stays_as_it_is()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        var pod = await ResourceAsync(deployment, "Pod", Pods);
        var deleted = await EndOfAsync(await QueueAsync(deployment, new RestartK8sResource(pod.Id, pod.Name)));

        Assert.Equal(DeploymentTaskStatus.Done, deleted.Status);
        await Sandbox.UntilAsync(At(Pods, deployment), list => list["items"]!.AsArray().All(p => Uid(p) != $"{pod.Id}"), Cancel);

        foreach (var (kind, path) in new[] { ("Deployment", Deployments), ("StatefulSet", StatefulSets) })
        {
            var resource = await ResourceAsync(deployment, kind, path);
            var task = await EndOfAsync(
                await QueueAsync(deployment, new RestartK8sResource(resource.Id, resource.Name, kind)));

            Assert.Equal((DeploymentTaskStatus.Done, null), (task.Status, task.Reason));
            Assert.Equal(["find", "restart"], await PhasesAsync(task.Id));
            var live = await Sandbox.GetAsync($"{At(path, deployment)}/{resource.Name}", Cancel);
            var at = live["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"]!.ToString();
            Assert.Equal(task.StartedAt, DateTimeOffset.Parse(at, null));
        }

        var after = await DeploymentAsync(deployment.Id);
        Assert.Equal((DeploymentStatus.Running, deployment.RevisionId), (after.Status, after.RevisionId));
    }

    [Fact]
    public async Task What_is_not_the_deployments_or_not_there_or_no_workload_is_refused()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        var other = await InstallAsync("store");
        var foreign = await ResourceAsync(other, "Deployment", Deployments);
        var service = await ResourceAsync(deployment, "Service", "/api/v1/namespaces/{ns}/services");
        var pod = await ResourceAsync(deployment, "Pod", Pods);
        await Sandbox.DeleteAsync($"{At(Pods, deployment)}/{pod.Name}", Cancel);
        await Sandbox.UntilAsync(At(Pods, deployment), list => list["items"]!.AsArray().All(p => Uid(p) != $"{pod.Id}"), Cancel);

        await RefusesAsync(deployment, new(foreign.Id, foreign.Name), "is no resource of this deployment");
        await RefusesAsync(deployment, new(pod.Id, "another-name"), "is no resource of this deployment");
        await RefusesAsync(deployment, new(Guid.NewGuid(), "unknown"), "is no resource of this deployment");
        await RefusesAsync(deployment, new(service.Id, service.Name), "A Service cannot be restarted");
        await RefusesAsync(deployment, new(pod.Id, pod.Name), pod.Name); // gone; perhaps from the table too, by now
        Assert.Equal(DeploymentStatus.Running, (await DeploymentAsync(deployment.Id)).Status);
    }

    private async Task RefusesAsync(Deployment deployment, RestartK8sResource operation, string why)
    {
        var task = await EndOfAsync(await QueueAsync(deployment, operation));
        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None, Phase.Find), (task.Status, task.Effect, task.Phase));
        Assert.Contains(why, task.Reason);
    }

    private static string At(string path, Deployment deployment) =>
        path.Replace("{ns}", deployment.Namespace, StringComparison.Ordinal);

    private static string Uid(JsonNode? item) => item!["metadata"]!["uid"]!.ToString();
}
