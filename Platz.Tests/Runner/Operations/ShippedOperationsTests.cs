using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>All that Platz does, with the rights that it is shipped with. What they refuse: Clusters.ShippedRightsTests.</summary>
public sealed class ShippedOperationsTests(PostgresServer postgres, ChartRegistry registry)
    : OperationTest(postgres, registry)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Fact]
    public async Task The_rights_that_are_shipped_suffice_for_every_operation_and_none_of_them_is_idle()
    {
        await UseShippedRightsAsync();
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await RestartAsync(deployment, "Pod", "/api/v1/namespaces/{ns}/pods");
        await RestartAsync(deployment, "Deployment", "/apis/apps/v1/namespaces/{ns}/deployments");
        await RestartAsync(deployment, "StatefulSet", "/apis/apps/v1/namespaces/{ns}/statefulsets");
        await SetActionsAsync(deployment, Action("reindex", "/platz/reindex"));
        await DoneAsync(deployment, new InvokeAction(deployment.HelmChartId, "reindex", []));
        await FillFormSecretAsync(deployment);
        await DoneAsync(deployment, new Upgrade(deployment.HelmChartId, deployment.HelmChartId, Inputs));
        await DoneAsync(deployment, new Reinstall("a secret changed", []));
        await FailAsync(deployment);
        var move = await EndOfAsync(await MoveAsync(deployment, "sandbox", "kitchensink-store"));
        Assert.Equal((DeploymentTaskStatus.Done, null), (move.Status, move.Reason));
        var moved = await DeploymentAsync(deployment.Id);
        await DoneAsync(moved, new Uninstall());

        Assert.False(await IsThereAsync(Sandbox, deployment.Namespace));
        Assert.False(await IsThereAsync(Sandbox, moved.Namespace));
        Assert.Empty(await IdleAsync(deployment.Namespace));
    }

    /// <summary>When its credentials are due, the runner takes the rights that it lacks.</summary>
    [Fact]
    public async Task What_an_admin_installed_is_gone_on_with_by_the_rights_that_are_shipped()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await StopRunnersAsync();
        await ExecuteAsync("DELETE FROM deployment_credentials");
        await UseShippedRightsAsync();
        await StartRunnerAsync();

        await UntilAsync(db => db.Credentials.AsNoTracking()
            .SingleOrDefaultAsync(c => c.DeploymentId == deployment.Id, Cancel));

        await RestartAsync(deployment, "Deployment", "/apis/apps/v1/namespaces/{ns}/deployments");
    }

    /// <summary>A chart is admin of its namespace: it may have taken away what the runner bound there.</summary>
    [Fact]
    public async Task Rights_that_were_taken_away_are_taken_again_by_what_needs_them()
    {
        await UseShippedRightsAsync();
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        var resource = await ResourceAsync(deployment, "Deployment", "/apis/apps/v1/namespaces/{ns}/deployments");
        await UnbindAsync(deployment);
        await DoneAsync(deployment, new RestartK8sResource(resource.Id, resource.Name, "Deployment"));

        Sandbox.Faults.Unschedulable = true;
        var task = await QueueAsync(deployment, new Uninstall());
        await Sandbox.UntilAsync("/api/v1/namespaces/platz/pods", list => list["items"]!.AsArray().Any(pod =>
            $"{pod!["metadata"]!["name"]}".StartsWith($"task-{task}-", StringComparison.Ordinal)), Cancel);
        await UnbindAsync(deployment);
        Sandbox.Faults.Unschedulable = false;

        Assert.Equal((DeploymentTaskStatus.Done, null), await OutcomeAsync(task));
        Assert.False(await IsThereAsync(Sandbox, deployment.Namespace));
    }

    /// <summary>Its bindings go at once, and with them the right to delete it; a pod keeps it there for long.</summary>
    [Fact]
    public async Task Who_goes_on_with_a_namespace_that_is_being_deleted_waits_for_its_pods()
    {
        await UseShippedRightsAsync();
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        var ns = deployment.Namespace;
        await Sandbox.CreatePodAsync(
            ns, "slow", Cancel, annotations: """{"sandbox.platz.io/ignores-term":"true"}""",
            more: "\"terminationGracePeriodSeconds\":3600,");
        await Sandbox.PhaseAsync(ns, "slow", "Running", Cancel);
        Sandbox.Faults.Add(new HelmScript { Text = "uninstalled\n" }); // Helm deletes there, too
        Sandbox.Faults.Add(
            new CallFault(Count: 8, AnswerLost: true, Method: "DELETE", Path: $"/api/v1/namespaces/{ns}"));
        var task = await QueueAsync(deployment, new Uninstall());
        await UntilAsync(async _ => await IsThereAsync(Sandbox, ns) && await BindingsAsync(ns) == 0 ? "" : null);
        await StopRunnersAsync();
        await StartRunnerAsync();
        await UntilAsync(async db =>
            (await LogTextAsync(task)).Contains("is being deleted; waiting", StringComparison.Ordinal)
            || await db.Tasks.AnyAsync(t => t.Id == task && t.Status == DeploymentTaskStatus.Failed, Cancel)
                ? ""
                : null);

        Sandbox.Faults.Reset(); // or our own call may lose its answer
        await Sandbox.DeleteAsync($"/api/v1/namespaces/{ns}/pods/slow?gracePeriodSeconds=0", Cancel);

        Assert.Equal((DeploymentTaskStatus.Done, null), await OutcomeAsync(task));
        Assert.False(await IsThereAsync(Sandbox, ns));
    }

    private async Task<(DeploymentTaskStatus, string?)> OutcomeAsync(Guid taskId)
    {
        var task = await EndOfAsync(taskId);
        return (task.Status, task.Reason);
    }

    private async Task<int> BindingsAsync(string ns) =>
        (await Sandbox.GetAsync($"{Rbac}/namespaces/{ns}/rolebindings", Cancel))["items"]!.AsArray().Count;

    private async Task UnbindAsync(Deployment deployment)
    {
        var path = $"{Rbac}/namespaces/{deployment.Namespace}/rolebindings";
        var own = (await Sandbox.GetAsync(path, Cancel))["items"]!.AsArray()
            .Select(binding => (string)binding!["metadata"]!["name"]!)
            .Single(name => name.StartsWith("platz-runner-", StringComparison.Ordinal));
        await Sandbox.DeleteAsync($"{path}/{own}", Cancel);
    }

    private async Task UseShippedRightsAsync()
    {
        var token = await Sandbox.ApplyShippedAsync(Cancel);
        Settings["Clusters:0:Kubeconfig"] = await Sandbox.KubeconfigOfAsync(token, "runner", Cancel);
    }

    private async Task DoneAsync(Deployment deployment, Operation operation)
    {
        var task = await EndOfAsync(await QueueAsync(deployment, operation));
        Assert.True(task.Status is DeploymentTaskStatus.Done, $"{operation.GetType().Name}: {task.Reason}");
    }

    private async Task RestartAsync(Deployment deployment, string kind, string path)
    {
        var resource = await ResourceAsync(deployment, kind, path);
        await DoneAsync(deployment, new RestartK8sResource(resource.Id, resource.Name, kind));
    }

    /// <summary>One that the form filled once and does not any more: it is to go.</summary>
    private async Task FillFormSecretAsync(Deployment deployment)
    {
        var made = await Sandbox.PostAsync($"/api/v1/namespaces/{deployment.Namespace}/secrets", """
            {"metadata":{"name":"former","labels":{"platz.io/form-secret":"yes"}}}
            """, Cancel);
        Assert.Equal("Secret", (string?)made["kind"]);
    }

    /// <summary>Helm fails, and the log says what is not ready.</summary>
    private async Task FailAsync(Deployment deployment)
    {
        Sandbox.Faults.Add(new HelmScript { Text = "Error: UPGRADE FAILED: it is a test\n", ExitCode = 1 });
        var task = await EndOfAsync(await QueueAsync(
            deployment, new Upgrade(deployment.HelmChartId, deployment.HelmChartId, Inputs)));
        Assert.Equal(DeploymentTaskStatus.Failed, task.Status);
        Assert.Contains("it is a test", task.Reason);
    }

    /// <summary>What the manifests grant and nobody needed, once the jobs that come by the minute have been there.</summary>
    private async Task<List<string>> IdleAsync(string ns)
    {
        for (var attempt = 0; ; attempt++)
        {
            var used = Sandbox.Host.AccessLedger.All.Where(access => access.Caller == ShippedRights.Runner).ToList();
            var idle = (
                from role in ShippedRights.Objects("cluster.yaml")
                where role.Text("kind") is "Role" or "ClusterRole"
                from rule in role.Objects("rules")
                from @group in rule.Texts("apiGroups")
                from resource in rule.Texts("resources")
                from verb in rule.Texts("verbs")
                where !used.Exists(access => (access.Group, access.Resource, access.Verb) == (@group, resource, verb)
                    && IsWithin(role.Text("metadata", "name")!, role.Text("kind")!, access.Namespace))
                select $"{role.Text("kind")} {role.Text("metadata", "name")}: {verb} {resource}").ToList();
            if (idle.Count == 0 || attempt == 100)
            {
                return idle;
            }

            await Task.Delay(50, Cancel);
        }

        bool IsWithin(string role, string kind, string used) => (role, kind) switch
        {
            (_, "Role") => used == "platz",
            ("platz-runner-deployment", _) => used == ns,
            _ => used is "" || used == ns,
        };
    }
}
