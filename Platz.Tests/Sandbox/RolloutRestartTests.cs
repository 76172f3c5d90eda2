using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>Restarts as Platz and kubectl ask for them, and what they do to the pods.</summary>
public sealed class RolloutRestartTests : IAsyncLifetime
{
    private const string Apps = "/apis/apps/v1/namespaces/r";
    private const string Pods = "/api/v1/namespaces/r/pods";

    private readonly SandboxServer _sandbox = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("r", Cancel);
        await _sandbox.PostAsync($"{Apps}/deployments", Workload("web", ""), Cancel);
        await _sandbox.PostAsync($"{Apps}/statefulsets", Workload("db", "\"serviceName\":\"db\","), Cancel);
        await SettledAsync("deployments/web");
        await SettledAsync("statefulsets/db");
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("deployments/web", "strategic-merge-patch+json")]
    [InlineData("deployments/web", "merge-patch+json")]
    [InlineData("deployments/web", "apply-patch+yaml")]
    [InlineData("statefulsets/db", "strategic-merge-patch+json")]
    [InlineData("statefulsets/db", "apply-patch+yaml")]
    public async Task An_annotation_on_the_template_replaces_every_pod(string path, string kindOfPatch)
    {
        var before = await UidsAsync(path);

        await RestartAsync(path, kindOfPatch, "2026-11-24T00:00:00Z");

        await SettledAsync(path);
        Assert.Empty((await UidsAsync(path)).Intersect(before));
        if (path.StartsWith("deployments", StringComparison.Ordinal))
        {
            var sets = await _sandbox.GetAsync($"{Apps}/replicasets", Cancel);
            Assert.Equal([0, 2], sets["items"]!.AsArray().Select(set => (int)set!["spec"]!["replicas"]!).Order());
        }
    }

    [Fact]
    public async Task The_same_annotation_again_changes_nothing()
    {
        await RestartAsync("deployments/web", "strategic-merge-patch+json", "once");
        await SettledAsync("deployments/web");
        var before = await UidsAsync("deployments/web");

        var patched = await RestartAsync("deployments/web", "strategic-merge-patch+json", "once");

        Assert.Equal(2, (int?)patched["metadata"]!["generation"]);
        await SettledAsync("deployments/web");
        Assert.Equal(before, await UidsAsync("deployments/web"));
    }

    [Fact]
    public async Task Kubectl_restarts_a_stateful_set_from_the_last_pod_to_the_first()
    {
        var version = (string)(await _sandbox.GetAsync(Pods, Cancel))["metadata"]!["resourceVersion"]!;

        await KubectlAsync("rollout", "restart", "statefulset/db", "-n", "r");
        await KubectlAsync("rollout", "status", "statefulset/db", "-n", "r", "--timeout=20s");

        using var client = _sandbox.Client();
        var events = await client.GetStringAsync(
            $"{Pods}?watch=true&timeoutSeconds=1&labelSelector=app%3Ddb&resourceVersion={version}", Cancel);
        Assert.Equal(["DELETED db-1", "ADDED db-1", "DELETED db-0", "ADDED db-0"], events
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(change => (string?)change["type"] is "ADDED" or "DELETED")
            .Select(change => $"{change["type"]} {change["object"]!["metadata"]!["name"]}"));
    }

    [Theory]
    [InlineData("deployments/web")]
    [InlineData("statefulsets/db")]
    public async Task A_deleted_pod_is_followed_by_another_with_a_uid_of_its_own(string path)
    {
        var before = await PodsAsync(path);
        var (name, uid) = before[0];

        await _sandbox.DeleteAsync($"{Pods}/{name}", Cancel);

        await _sandbox.UntilAsync(Pods, list => Uids(list, path) is { Length: 2 } now && !now.Contains(uid), Cancel);
        await SettledAsync(path);
        var after = await PodsAsync(path);
        Assert.Contains(before[1], after);
        Assert.Equal(path.StartsWith("statefulsets", StringComparison.Ordinal), after.Exists(pod => pod.Name == name));
    }

    [Fact]
    public async Task A_secret_is_made_and_changed_by_server_side_apply()
    {
        const string Path = "/api/v1/namespaces/r/secrets/platz-creds?fieldManager=platz&force=true";
        var made = await ApplyAsync(Path, """{"access_token":"one","server_url":"https://platz.example"}""");
        var changed = await ApplyAsync(Path, """{"access_token":"two"}""");
        var same = await ApplyAsync(Path, """{"access_token":"two"}""");

        Assert.Equal(("b25l", "Opaque"), ((string?)made["data"]!["access_token"], (string?)made["type"]));
        Assert.Equal("""{"access_token":"dHdv"}""", changed["data"]!.ToJsonString());
        Assert.Equal((string?)changed["metadata"]!["resourceVersion"], (string?)same["metadata"]!["resourceVersion"]);

        Task<JsonNode> ApplyAsync(string path, string data) => _sandbox.PatchAsync(path, "apply-patch+yaml", $$$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"platz-creds"},"type":"Opaque",
            "stringData":{{{data}}}}
            """, Cancel);
    }

    private Task<JsonNode> RestartAsync(string path, string kindOfPatch, string at)
    {
        var (kind, name) = path.StartsWith("deployments", StringComparison.Ordinal)
            ? ("Deployment", "web")
            : ("StatefulSet", "db");
        return _sandbox.PatchAsync($"{Apps}/{path}?fieldManager=platz&force=true", kindOfPatch, $$$$"""
            {"apiVersion":"apps/v1","kind":"{{{{kind}}}}","metadata":{"name":"{{{{name}}}}"},
            "spec":{"template":{"metadata":
            {"annotations":{"kubectl.kubernetes.io/restartedAt":"{{{{at}}}}"}}
            }}}
            """, Cancel);
    }

    private Task<JsonNode> SettledAsync(string path) => _sandbox.UntilAsync($"{Apps}/{path}", set =>
        (int?)set["status"]!["observedGeneration"] == (int?)set["metadata"]!["generation"]
        && (int?)set["status"]!["updatedReplicas"] == 2 && (int?)set["status"]!["readyReplicas"] == 2
        && (int?)set["status"]!["replicas"] == 2, Cancel);

    private async Task<string[]> UidsAsync(string path) => Uids(await _sandbox.GetAsync(Pods, Cancel), path);

    private async Task<List<(string Name, string Uid)>> PodsAsync(string path) =>
        [.. Present(await _sandbox.GetAsync(Pods, Cancel), path)
            .Select(pod => ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["uid"]!))];

    private static string[] Uids(JsonNode list, string path) =>
        [.. Present(list, path).Select(pod => (string)pod["metadata"]!["uid"]!)];

    private static IEnumerable<JsonNode> Present(JsonNode list, string path) => list["items"]!.AsArray()
        .Where(pod => (string?)pod!["metadata"]!["labels"]!["app"] == path.Split('/')[1]
            && pod["metadata"]!["deletionTimestamp"] is null).Select(pod => pod!);

    private async Task KubectlAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["KUBECONFIG"] = _sandbox.KubeconfigFile,
            ["HOME"] = _sandbox.Folder,
        };
        var (exitCode, _, error) = await Command.RunAsync("kubectl", arguments, environment, Cancel);
        Assert.True(exitCode == 0, error);
    }

    private static string Workload(string name, string more) => $$$$"""
        {"metadata":{"name":"{{{{name}}}}"},"spec":{{{{{more}}}}"replicas":2,
        "selector":{"matchLabels":{"app":"{{{{name}}}}"}},
        "template":{"metadata":{"labels":{"app":"{{{{name}}}}"}},"spec":{"terminationGracePeriodSeconds":1,
        "containers":[{"name":"c","image":"a:1"}]}
        }}}
        """;
}
