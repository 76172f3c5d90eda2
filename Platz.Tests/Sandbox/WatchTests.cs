using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class WatchTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new() { Configure = options => options.History = 60 };

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("w", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Shows_what_is_there_and_then_each_change()
    {
        var version = await VersionAsync();
        var fromNow = WatchAsync($"resourceVersion={version}&timeoutSeconds=3&allowWatchBookmarks=true");
        await PostMapAsync("w0");
        await _sandbox.PatchAsync("/api/v1/namespaces/w/configmaps/w0", "merge-patch+json", """{"data":{"a":"2"}}""",
            Cancel);
        await _sandbox.DeleteAsync("/api/v1/namespaces/w/configmaps/w0", Cancel);
        await PostMapAsync("w1");

        Assert.Equal(["ADDED w0", "MODIFIED w0", "DELETED w0", "ADDED w1", "BOOKMARK "], await fromNow);
        Assert.Equal(["ADDED kube-root-ca.crt", "ADDED w1"], await WatchAsync("timeoutSeconds=1"));
        Assert.Empty(await WatchAsync($"resourceVersion={await VersionAsync()}&timeoutSeconds=1"));
    }

    [Fact]
    public async Task Turns_labels_that_come_and_go_into_added_and_deleted()
    {
        var watch = WatchAsync($"resourceVersion={await VersionAsync()}&timeoutSeconds=2&labelSelector=team%3Dred");
        await PostMapAsync("m");
        await PatchLabelAsync("red");
        await PatchLabelAsync("blue");

        Assert.Equal(["ADDED m", "DELETED m"], await watch);
    }

    [Fact]
    public async Task Says_410_when_it_has_forgotten_the_version_or_is_told_to()
    {
        for (var index = 0; index < 70; index++)
        {
            await PostMapAsync($"filler-{index}");
        }

        var expired = Assert.Single(await LinesAsync("/api/v1/namespaces/w/configmaps?watch=1&resourceVersion=2"));
        Assert.Equal("ERROR", (string?)expired["type"]);
        Assert.Equal((410, "Expired"), ((int)expired["object"]!["code"]!, (string)expired["object"]!["reason"]!));

        _sandbox.Faults.ExpireNextWatches(1);
        Assert.Equal("ERROR", (string?)Assert.Single(
            await LinesAsync(
                $"/api/v1/namespaces/w/configmaps?watch=1&resourceVersion={await VersionAsync()}"))["type"]);
    }

    [Fact]
    public async Task Follows_a_pod_through_its_life()
    {
        var watch = LinesAsync(
            $"/api/v1/namespaces/w/pods?watch=true&timeoutSeconds=3&resourceVersion={await VersionAsync()}");
        await _sandbox.CreatePodAsync("w", "p", Cancel, "sleep 0.2");
        var events = await watch;

        Assert.Equal("ADDED", (string?)events[0]["type"]);
        Assert.All(events.Skip(1), change => Assert.Equal("MODIFIED", (string?)change["type"]));
        Assert.Equal(
            ["Pending", "Pending scheduled", "Pending ContainerCreating", "Running running", "Running terminated",
                "Succeeded terminated"],
            events.Select(change => Step(change["object"]!)));
    }

    [Fact]
    public async Task Follows_a_pod_that_is_deleted_with_grace()
    {
        await _sandbox.CreatePodAsync("w", "p", Cancel, "trap 'echo bye; exit 1' TERM; while true; do sleep 1; done");
        await _sandbox.PhaseAsync("w", "p", "Running", Cancel);
        var version = await VersionAsync();
        var watch = LinesAsync($"/api/v1/namespaces/w/pods?watch=true&timeoutSeconds=2&resourceVersion={version}");
        var deleted = await _sandbox.DeleteAsync("/api/v1/namespaces/w/pods/p?gracePeriodSeconds=30", Cancel);
        var events = await watch;

        Assert.Equal(30, (int)deleted["metadata"]!["deletionGracePeriodSeconds"]!);
        Assert.Equal(["MODIFIED Running running", "MODIFIED Running terminated", "MODIFIED Failed terminated",
            "DELETED Failed terminated"], events.Select(change => $"{change["type"]} {Step(change["object"]!)}"));
        Assert.Equal(0, (int)events[^1]["object"]!["metadata"]!["deletionGracePeriodSeconds"]!);
    }

    [Fact]
    public async Task Follows_a_namespace_until_it_is_gone_and_says_what_holds_it()
    {
        await _sandbox.CreateNamespaceAsync("gone", Cancel);
        await _sandbox.PostAsync("/sandbox/faults", """{"stickFinalizer":"gone"}""", Cancel);
        var watch = LinesAsync("/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Dgone&timeoutSeconds=4");
        await _sandbox.DeleteAsync("/api/v1/namespaces/gone", Cancel);
        var held = await _sandbox.UntilAsync("/api/v1/namespaces/gone", space =>
            space["status"]!["conditions"] is not null, Cancel);
        Assert.Contains("sandbox.platz.io/stuck in 1 resource instances", held.ToJsonString());
        await _sandbox.PostAsync("/sandbox/faults", """{"releaseFinalizer":"gone"}""", Cancel);
        var events = await watch;

        Assert.Equal("ADDED", (string?)events[0]["type"]);
        Assert.Equal("DELETED", (string?)events[^1]["type"]);
        Assert.Equal("ContentRemoved", (string?)events[^1]["object"]!["status"]!["conditions"]![3]!["reason"]);
        Assert.Equal(404, (int?)(await _sandbox.GetAsync("/api/v1/namespaces/gone", Cancel))["code"]);
    }

    [Fact]
    public async Task Follows_a_rollout_in_which_something_is_always_available()
    {
        await _sandbox.PostAsync("/apis/apps/v1/namespaces/w/deployments", """
            {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
            "template":{"metadata":
            {"labels":{"app":"web"}},"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"c",
            "image":"x:1"}]}}}}
            """, Cancel);
        await _sandbox.UntilAsync("/apis/apps/v1/namespaces/w/deployments/web",
            web => (int?)web["status"]!["availableReplicas"] == 2, Cancel);
        var version = await VersionAsync();
        var watch = LinesAsync(
            $"/apis/apps/v1/namespaces/w/deployments?watch=true&timeoutSeconds=3&resourceVersion={version}");
        await _sandbox.PatchAsync("/apis/apps/v1/namespaces/w/deployments/web", "strategic-merge-patch+json",
            """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}""",
            Cancel);
        var states = (await watch).Select(change => change["object"]!).ToList();

        Assert.All(states, web => Assert.True((int)web["status"]!["availableReplicas"]! >= 2));
        Assert.Contains(states, web => (int?)web["status"]!["replicas"] == 3);
        var last = states[^1];
        Assert.Equal((2, 2, 2), ((int)last["status"]!["observedGeneration"]!, (int)last["status"]!["updatedReplicas"]!,
            (int)last["status"]!["replicas"]!));
        Assert.Equal("2", (string?)last["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]);
    }

    private static string Step(JsonNode pod)
    {
        var state = pod["status"]!["containerStatuses"]?[0]!["state"]!.AsObject().First();
        var detail = state is null ? pod["spec"]!["nodeName"] is null ? "" : "scheduled"
            : state.Value.Key == "waiting" ? state.Value.Value!["reason"]!.ToString() : state.Value.Key;
        return $"{pod["status"]!["phase"]} {detail}".Trim();
    }

    private async Task<IReadOnlyList<string>> WatchAsync(string query) =>
        [.. (await LinesAsync($"/api/v1/namespaces/w/configmaps?watch=true&{query}"))
            .Select(change => $"{change["type"]} {change["object"]!["metadata"]!["name"]}")];

    private async Task<IReadOnlyList<JsonNode>> LinesAsync(string path)
    {
        using var client = _sandbox.Client();
        var text = await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private async Task<string> VersionAsync()
    {
        var list = await _sandbox.GetAsync("/api/v1/namespaces/w/configmaps?limit=1", Cancel);
        return (string)list["metadata"]!["resourceVersion"]!;
    }

    private Task<JsonNode> PostMapAsync(string name) => _sandbox.PostAsync("/api/v1/namespaces/w/configmaps",
        $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"a":"1"}}""", Cancel);

    private Task<JsonNode> PatchLabelAsync(string team) =>
        _sandbox.PatchAsync("/api/v1/namespaces/w/configmaps/m", "merge-patch+json",
        $$$$"""{"metadata":{"labels":{"team":"{{{{team}}}}"}}}""", Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
