using System.Text;
using k8s;
using k8s.Models;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>The client the runner uses, on the calls the runner makes.</summary>
public sealed class KubernetesClientTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    [Fact]
    public async Task Runs_a_pod_and_reads_its_log()
    {
        using var client = Client();
        await client.CreateNamespaceAsync(Namespace("c1"), cancellationToken: Cancel);
        var container =
            new V1Container { Name = "c", Image = "x:1", Command = ["sh", "-c", "echo hello; sleep 0.3; echo bye"] };
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p" },
            Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [container] },
        };
        await client.CreateNamespacedPodAsync(pod, "c1", cancellationToken: Cancel);
        await sandbox.PodUntilAsync("c1", "p", seen => (string?)seen["status"]!["phase"] != "Pending", Cancel);

        await using var log =
            await client.ReadNamespacedPodLogAsync("p", "c1", follow: true, cancellationToken: Cancel);
        using var reader = new StreamReader(log);

        Assert.Equal("hello\nbye\n", await reader.ReadToEndAsync(Cancel));
        await sandbox.PhaseAsync("c1", "p", "Succeeded", Cancel);
        var deleted =
            await client.DeleteNamespacedPodAsync("p", "c1", gracePeriodSeconds: 0, cancellationToken: Cancel);
        Assert.NotNull(deleted.Metadata.DeletionTimestamp);
        Assert.Equal("Active", (await client.ReadNamespaceAsync("c1", cancellationToken: Cancel)).Status.Phase);
    }

    [Fact]
    public async Task Watches_patches_and_asks_for_tokens()
    {
        using var client = Client();
        await client.CreateNamespaceAsync(Namespace("c2"), cancellationToken: Cancel);
        await client.CreateNamespacedSecretAsync(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "s" },
            StringData = new Dictionary<string, string> { ["k"] = "a&b>c" },
        }, "c2", cancellationToken: Cancel);
        await client.PatchNamespacedSecretAsync(new V1Patch("""{"metadata":{"labels":{"l":"1"}}}""",
            V1Patch.PatchType.MergePatch), "s", "c2", cancellationToken: Cancel);
        var secret = await client.ReadNamespacedSecretAsync("s", "c2", cancellationToken: Cancel);
        Assert.Equal(("a&b>c", "1"), (Encoding.UTF8.GetString(secret.Data["k"]), secret.Metadata.Labels["l"]));

        var types = new List<string>();
        await foreach (var (type, item) in client.CoreV1.WatchListNamespacedSecretAsync("c2", timeoutSeconds: 1,
            cancellationToken: Cancel))
        {
            types.Add($"{type} {item.Metadata.Name}");
        }

        Assert.Equal(["Added s"], types);
        var token = await client.CreateNamespacedServiceAccountTokenAsync(new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 900 },
        }, "default", "c2", cancellationToken: Cancel);
        Assert.True(token.Status.ExpirationTimestamp > TimeProvider.System.GetUtcNow().AddMinutes(10));
    }

    [Fact]
    public async Task Gets_refusals_it_can_read()
    {
        using var client = Client();

        var missing = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(
            () => client.ReadNamespaceAsync("absent", cancellationToken: Cancel));

        Assert.Contains("namespaces \\\"absent\\\" not found", missing.Response.Content);
    }

    private static V1Namespace Namespace(string name) => new() { Metadata = new V1ObjectMeta { Name = name } };

    private Kubernetes Client() => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(
        new MemoryStream(Encoding.UTF8.GetBytes(sandbox.KubeconfigText))));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
