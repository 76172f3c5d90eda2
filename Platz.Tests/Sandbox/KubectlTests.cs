using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class KubectlTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: c, image: "nginx:1"}]
        """;

    [Fact]
    public async Task Applies_shows_scales_restarts_and_deletes_a_deployment()
    {
        await OkAsync("", "create", "namespace", "k1");
        Assert.Contains("deployment.apps/web created", await OkAsync(Deployment, "apply", "-n", "k1", "-f", "-"));
        Assert.Contains("successfully rolled out",
            await OkAsync("", "rollout", "status", "deploy/web", "-n", "k1", "--timeout=15s"));
        Assert.Contains("web    2/2", await OkAsync("", "get", "deploy", "-n", "k1"));
        Assert.Contains("unchanged", await OkAsync(Deployment, "apply", "-n", "k1", "-f", "-"));
        await OkAsync("", "rollout", "restart", "deploy/web", "-n", "k1");
        await OkAsync("", "rollout", "status", "deploy/web", "-n", "k1", "--timeout=15s");
        await OkAsync("", "scale", "deploy/web", "-n", "k1", "--replicas=1");
        await OkAsync("", "wait", "deploy/web", "-n", "k1", "--for=jsonpath={.status.replicas}=1", "--timeout=15s");
        Assert.Equal(2, (await OkAsync("", "get", "rs", "-n", "k1", "-o", "name")).Split('\n',
            StringSplitOptions.RemoveEmptyEntries).Length);
        await OkAsync("", "delete", "deploy", "web", "-n", "k1");
        await OkAsync("", "wait", "pod", "--all", "--for=delete", "-n", "k1", "--timeout=15s");
    }

    [Fact]
    public async Task Follows_a_log_to_its_end()
    {
        await sandbox.CreateNamespaceAsync("k2", Cancel);
        await sandbox.CreatePodAsync("k2", "talker", Cancel, "echo one; sleep 0.5; echo two");
        await sandbox.PodUntilAsync("k2", "talker", pod => (string?)pod["status"]!["phase"] != "Pending", Cancel);

        Assert.Equal("one\ntwo\n", await OkAsync("", "logs", "-f", "talker", "-n", "k2"));
    }

    [Fact]
    public async Task Watches_as_a_table()
    {
        await sandbox.CreateNamespaceAsync("k3", Cancel);
        using var watch = Command.Start("kubectl", ["get", "pods", "-n", "k3", "-w"], Environment);
        await sandbox.CreatePodAsync("k3", "quick", Cancel, "true");
        var seen = new List<string>();
        while (!seen.Exists(line => line.Contains("Completed", StringComparison.Ordinal)))
        {
            seen.Add(await watch.StandardOutput.ReadLineAsync(Cancel) ?? throw new InvalidOperationException("ended"));
        }

        watch.Kill();
        Assert.StartsWith("NAME", seen[0], StringComparison.Ordinal);
        Assert.Contains(seen, line => line.Contains("0/1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prints_what_it_serves()
    {
        var resources = await OkAsync("", "api-resources");

        Assert.Contains("deploy", resources);
        Assert.Contains("sandbox-node-1", await OkAsync("", "get", "nodes", "-l", "sandbox.platz.io=true"));
        Assert.Contains("+sandbox", await OkAsync("", "version"));
    }

    private async Task<string> OkAsync(string input, params string[] arguments)
    {
        var (exitCode, output, error) = await Command.RunAsync("kubectl", arguments, Environment, Cancel, input);
        Assert.True(exitCode == 0, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }

    private Dictionary<string, string> Environment =>
        new() { ["KUBECONFIG"] = sandbox.KubeconfigFile, ["HOME"] = sandbox.Folder };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
