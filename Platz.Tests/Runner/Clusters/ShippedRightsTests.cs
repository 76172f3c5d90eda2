using k8s;
using k8s.Models;
using Platz.Runner.Clusters;
using Platz.Runner.Dispatch;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Clusters;

/// <summary>
/// What is refused to whoever got hold of the runner's token, or of the one in a Helm pod. That the runner's is enough for
/// all that Platz does, <see cref="Operations.ShippedOperationsTests"/> show; what roles cannot say,
/// <see cref="ShippedPoliciesTests"/>.
/// </summary>
public sealed class ShippedRightsTests(ShippedCluster cluster) : IClassFixture<ShippedCluster>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Everything = """{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}""";
    private const string Named = """{"metadata":{"name":"x"}}""";
    private const string Pod = """{"metadata":{"name":"x"},"spec":{"containers":[{"name":"c","image":"x:1"}]}}""";

    [Theory]
    // Secrets: in the whole cluster, of others, of Kubernetes, and even those that it gives to Helm itself.
    [InlineData("GET", "/api/v1/secrets")]
    [InlineData("GET", "/api/v1/namespaces/other/secrets")]
    [InlineData("GET", "/api/v1/namespaces/kube-system/secrets")]
    [InlineData("GET", "/api/v1/namespaces/platz/secrets")]
    [InlineData("GET", "/api/v1/namespaces/platz-system/secrets")]
    [InlineData("GET", "/api/v1/namespaces/shop/secrets/other-than-platz-creds")]
    [InlineData("POST", "/api/v1/namespaces/other/secrets", Named)]
    [InlineData("DELETE", "/api/v1/namespaces/other/secrets/x")]
    // Roles.
    [InlineData("POST", $"{Rbac}/clusterroles", $$"""{"metadata":{"name":"x"},"rules":[{{Everything}}]}""")]
    [InlineData("PATCH", $"{Rbac}/clusterroles/platz-runner", $$"""{"rules":[{{Everything}}]}""")]
    [InlineData("PATCH", $"{Rbac}/clusterroles/platz-runner-deployment", $$"""{"rules":[{{Everything}}]}""")]
    [InlineData("POST", $"{Rbac}/namespaces/shop/roles", $$"""{"metadata":{"name":"x"},"rules":[{{Everything}}]}""")]
    [InlineData("PATCH", $"{Rbac}/namespaces/platz/roles/platz-runner", $$"""{"rules":[{{Everything}}]}""")]
    [InlineData("DELETE", $"{Rbac}/clusterroles/view")]
    [InlineData("DELETE", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/platz-runner-bindings")]
    // Namespaces that are not its own.
    [InlineData("POST", "/api/v1/namespaces", Named)]
    [InlineData("PATCH", "/api/v1/namespaces/other", """{"metadata":{"labels":{"platz":"yes"}}}""")]
    [InlineData("DELETE", "/api/v1/namespaces/other")]
    [InlineData("DELETE", "/api/v1/namespaces/platz")]
    [InlineData("DELETE", "/api/v1/namespaces/platz-system")]
    // Tokens of others: only those of platz-helm are its to ask for.
    [InlineData("POST", "/api/v1/namespaces/platz-system/serviceaccounts/platz-runner/token", "{}")]
    [InlineData("POST", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", "{}")]
    [InlineData("POST", "/api/v1/namespaces/shop/serviceaccounts/default/token", "{}")]
    // What runs: it makes pods for Helm and no others, and gets into none.
    [InlineData("POST", "/api/v1/namespaces/shop/pods", Pod)]
    [InlineData("POST", "/api/v1/namespaces/other/pods", Pod)]
    [InlineData("POST", "/api/v1/namespaces/platz/pods/x/exec?command=sh", "{}")]
    [InlineData("POST", "/api/v1/namespaces/shop/pods/x/exec?command=sh", "{}")]
    [InlineData("POST", "/api/v1/namespaces/shop/pods/x/attach", "{}")]
    [InlineData("POST", "/api/v1/namespaces/shop/pods/x/portforward", "{}")]
    [InlineData("GET", "/api/v1/namespaces/platz/pods/x/exec?command=sh")] // as WebSockets begin
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x/exec?command=sh")]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x/attach")]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x/portforward")]
    [InlineData("DELETE", "/api/v1/namespaces/other/pods/x")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/other/deployments/x", "{}")]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps")]
    [InlineData("GET", "/api/v1/nodes")]
    [InlineData("GET", "/api/v1/nodes/sandbox-node-1/proxy/logs/")]
    [InlineData("GET", "/api/v1/persistentvolumes")]
    public Task The_runners_token_opens_nothing_else(string method, string path, string? body = null) =>
        RefusesAsync(cluster.RunnerToken, method, path, body);

    [Theory]
    [InlineData("GET", "/api/v1/namespaces")]
    [InlineData("GET", "/api/v1/secrets")]
    [InlineData("GET", "/api/v1/namespaces/other/secrets")]
    [InlineData("GET", "/api/v1/namespaces/platz/secrets")]
    [InlineData("GET", "/api/v1/namespaces/platz/pods")]
    [InlineData("POST", "/api/v1/namespaces/platz/pods", Pod)]
    [InlineData("GET", "/api/v1/namespaces/other/pods")]
    [InlineData("POST", "/api/v1/namespaces", Named)]
    [InlineData("PATCH", "/api/v1/namespaces/shop", "{}")]
    [InlineData("DELETE", "/api/v1/namespaces/shop")]
    [InlineData("GET", "/api/v1/nodes")]
    [InlineData("POST", "/api/v1/namespaces/platz-system/serviceaccounts/platz-runner/token", "{}")]
    [InlineData("POST", $"{Rbac}/clusterroles", $$"""{"metadata":{"name":"x"},"rules":[{{Everything}}]}""")]
    [InlineData("POST", $"{Rbac}/namespaces/shop/roles", $$"""{"metadata":{"name":"x"},"rules":[{{Everything}}]}""")]
    [InlineData("POST", $"{Rbac}/namespaces/shop/rolebindings", """
        {"metadata":{"name":"x"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},
        "subjects":[{"kind":"ServiceAccount","name":"platz-helm","namespace":"shop"}]}
        """)]
    [InlineData("POST", $"{Rbac}/namespaces/other/rolebindings", """
        {"metadata":{"name":"x"},"roleRef":{"kind":"ClusterRole","name":"admin"},
        "subjects":[{"kind":"ServiceAccount","name":"platz-helm","namespace":"shop"}]}
        """)]
    public Task A_helm_pods_token_opens_no_other_namespace(string method, string path, string? body = null) =>
        RefusesAsync(cluster.HelmToken, method, path, body);

    [Fact]
    public async Task A_helm_pods_token_is_good_for_what_charts_have_in_their_own_namespace()
    {
        foreach (var path in (string[])["/api/v1/namespaces/shop/secrets", "/api/v1/namespaces/shop/services",
            "/apis/apps/v1/namespaces/shop/deployments", "/apis/batch/v1/namespaces/shop/jobs",
            "/apis/networking.k8s.io/v1/namespaces/shop/ingresses", $"{Rbac}/namespaces/shop/rolebindings"])
        {
            Assert.EndsWith("List", (string?)(await Sandbox.GetAsync(path, Cancel, cluster.HelmToken))["kind"],
                StringComparison.Ordinal);
        }

        var made = await Sandbox.PostAsync("/api/v1/namespaces/shop/configmaps", Named, Cancel, cluster.HelmToken);
        Assert.Equal("ConfigMap", (string?)made["kind"]);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("system:serviceaccount:kube-system:default")]
    [InlineData("system:serviceaccount:other:platz-helm")]
    public async Task Neither_of_them_acts_as_somebody_else(string user)
    {
        foreach (var token in (string[])[cluster.RunnerToken, cluster.HelmToken])
        {
            using var client = Sandbox.Client(token);
            client.DefaultRequestHeaders.Add("Impersonate-User", user);
            using var answer = await client.GetAsync("/api/v1/namespaces/shop/pods", Cancel);
            Assert.Equal(403, (int)answer.StatusCode);
            Assert.Contains("cannot impersonate", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task Where_helm_runs_a_pod_gets_neither_the_host_nor_its_privileges()
    {
        using var runner = await cluster.ClientAsync(cluster.RunnerToken);
        var refused = new Dictionary<string, Action<V1PodSpec>>
        {
            ["hostPath volumes"] = pod => pod.Volumes.Add(
                new V1Volume { Name = "host", HostPath = new V1HostPathVolumeSource { Path = "/" } }),
            ["privileged"] = pod => pod.Containers[0].SecurityContext.Privileged = true,
            ["host namespaces"] = pod => pod.HostNetwork = true,
            ["allowPrivilegeEscalation"] = pod => pod.Containers[0].SecurityContext.AllowPrivilegeEscalation = null,
            ["unrestricted capabilities"] = pod => pod.Containers[0].SecurityContext.Capabilities = null,
            ["runAsNonRoot"] = pod => pod.SecurityContext.RunAsNonRoot = null,
            ["seccompProfile"] = pod => pod.SecurityContext.SeccompProfile = null,
        };
        foreach (var (fault, spoil) in refused)
        {
            var pod = ShippedCluster.HelmPod("spoilt");
            spoil(pod.Spec);
            var error = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(
                () => runner.CoreV1.CreateNamespacedPodAsync(pod, "platz", cancellationToken: Cancel));
            Assert.Contains("violates PodSecurity \\\"restricted:latest\\\"", error.Response.Content);
            Assert.Contains(fault, error.Response.Content);
        }

        var made = await runner.CoreV1.CreateNamespacedPodAsync(
            ShippedCluster.HelmPod("as-it-is"), "platz", cancellationToken: Cancel);
        Assert.DoesNotContain(made.Spec.Volumes, volume => volume.Projected is not null); // no token was mounted
    }

    [Fact]
    public async Task Without_its_role_in_the_cluster_the_runner_says_what_is_missing()
    {
        await using var sandbox = new SandboxServer();
        await sandbox.InitializeAsync();
        var token = await sandbox.ApplyShippedAsync(Cancel);
        await sandbox.DeleteAsync($"{Rbac}/clusterroles/platz-runner-deployment", Cancel);
        var file = await sandbox.KubeconfigOfAsync(token, "runner", Cancel);
        using var runner = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(file));
        await runner.CreateDeploymentNamespaceAsync("shop", Guid.NewGuid(), dryRun: false, Cancel);

        var error = await Assert.ThrowsAsync<OperationException>(
            () => runner.EnsureRightsAsync("shop", TimeSpan.FromMilliseconds(300), Cancel));

        Assert.StartsWith("Platz may do nothing in the namespace shop: the role platz-runner-deployment", error.Message);
    }

    [Fact]
    public async Task The_check_for_a_real_cluster_finds_nothing_here_and_what_is_too_much_elsewhere()
    {
        var (exitCode, output, error) = await CheckAsync(Sandbox);
        Assert.True(exitCode == 0, output + error);
        Assert.StartsWith("43 acts are refused", output, StringComparison.Ordinal);
        Assert.Empty(error);

        await using var sandbox = new SandboxServer();
        await sandbox.InitializeAsync();
        await sandbox.ApplyShippedAsync(Cancel);
        await sandbox.DeleteAsync(
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/platz-runner-bindings", Cancel);
        (exitCode, _, error) = await CheckAsync(sandbox);
        Assert.Equal(1, exitCode);
        Assert.Contains("The admission policies do not hold", error);
        Assert.Contains("there is no deployment here yet", error);

        await sandbox.PostAsync($"{Rbac}/clusterrolebindings", """
            {"metadata":{"name":"wide"},"roleRef":{"kind":"ClusterRole","name":"view"},
            "subjects":[{"kind":"ServiceAccount","name":"platz-runner","namespace":"platz-system"}]}
            """, Cancel);
        (exitCode, output, _) = await CheckAsync(sandbox);
        Assert.Equal(1, exitCode);
        Assert.Contains("\"resource\":\"configmaps\"", Assert.Single(output.Trim().Split('\n')));
    }

    private SandboxServer Sandbox => cluster.Sandbox;

    private static Task<(int ExitCode, string Output, string Error)> CheckAsync(SandboxServer sandbox) =>
        Command.RunAsync(
            Path.Combine(Repository.Root, "deploy", "check-rights"), [],
            new Dictionary<string, string> { ["KUBECONFIG"] = sandbox.KubeconfigFile, ["HOME"] = sandbox.Folder }, Cancel);

    private async Task RefusesAsync(string token, string method, string path, string? body)
    {
        var mediaType = method == "PATCH" ? "application/merge-patch+json" : "application/json";
        var answer = await Sandbox.SendAsync(new HttpMethod(method), path, body, Cancel, mediaType, token);
        Assert.True((403, "Forbidden") == ((int?)answer["code"], (string?)answer["reason"]), $"{answer}");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
