using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>What the recordings do not show of writing, patching and deleting.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/a/configmaps";
    private const string Deployments = "/apis/apps/v1/namespaces/a/deployments";

    private readonly SandboxServer _sandbox = new();

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("a", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Server_side_apply_takes_away_what_its_manager_leaves_out()
    {
        await ApplyAsync("helm", """{"data":{"a":"1","b":"2"}}""");
        await _sandbox.PatchAsync($"{Maps}/m", "merge-patch+json", """{"data":{"c":"other"}}""", Cancel);

        var applied = await ApplyAsync("helm", """{"data":{"a":"1"}}""");

        Assert.Equal("""{"a":"1","c":"other"}""", applied["data"]!.ToJsonString());
        var again = await ApplyAsync("helm", """{"data":{"a":"1"}}""");
        Assert.Equal((string?)applied["metadata"]!["resourceVersion"], (string?)again["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Server_side_apply_reads_yaml()
    {
        var applied = await _sandbox.PatchAsync($"{Maps}/y?fieldManager=x", "apply-patch+yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  number: \"1\"\n  text: yes please\n", Cancel);

        Assert.Equal("yes please", (string?)applied["data"]!["text"]);
    }

    [Fact]
    public async Task Strategic_merge_merges_containers_by_name_and_heeds_directives()
    {
        await _sandbox.PostAsync(Deployments, """
            {"metadata":{"name":"d"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":
            {"labels":{"app":"d"}},"spec":{"containers":[{"name":"one","image":"a:1","env":[{"name":"X","value":"1"},
            {"name":"Y","value":"2"}]},{"name":"two","image":"b:1"}]}}}}
            """, Cancel);

        var patched = await _sandbox.PatchAsync($"{Deployments}/d", "strategic-merge-patch+json", """
            {"spec":{"template":{"spec":{"containers":[{"name":"one","env":[{"name":"X","value":"3"},
            {"name":"Y","$patch":"delete"}]},{"name":"two","$patch":"delete"},{"name":"three","image":"c:1"}]}}}}
            """, Cancel);

        var containers = patched["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["one", "three"], containers.Select(container => (string?)container!["name"]));
        Assert.Equal("""[{"name":"X","value":"3"}]""", containers[0]!["env"]!.ToJsonString());
        Assert.Equal("a:1", (string?)containers[0]!["image"]);
        Assert.Equal(2, (int)patched["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task Json_patch_changes_tests_and_refuses_what_does_not_fit()
    {
        await _sandbox.PostAsync(Maps, """{"metadata":{"name":"j","annotations":{"x/y":"1"}},"data":{"a":"1"}}""",
            Cancel);

        var patched = await _sandbox.PatchAsync($"{Maps}/j", "json-patch+json", """
            [{"op":"test","path":"/metadata/annotations/x~1y","value":"1"},{"op":"add","path":"/data/b","value":"2"},
            {"op":"remove","path":"/data/a"}]
            """, Cancel);
        var refused = await _sandbox.PatchAsync($"{Maps}/j", "json-patch+json",
            """[{"op":"replace","path":"/data/none","value":"x"}]""", Cancel);

        Assert.Equal("""{"b":"2"}""", patched["data"]!.ToJsonString());
        Assert.Equal(422, (int?)refused["code"]);
    }

    [Fact]
    public async Task A_write_to_status_and_a_write_to_the_object_leave_each_other_alone()
    {
        await _sandbox.PostAsync(Deployments, """
            {"metadata":{"name":"s"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"s"}},"template":{"metadata":
            {"labels":{"app":"s"}},"spec":{"containers":[{"name":"c","image":"a:1"}]}}}}
            """, Cancel);

        var status = await _sandbox.PatchAsync($"{Deployments}/s/status", "merge-patch+json",
            """{"spec":{"replicas":5},"status":{"collisionCount":7}}""", Cancel);
        var spec = await _sandbox.PatchAsync($"{Deployments}/s", "merge-patch+json",
            """{"metadata":{"labels":{"x":"1"}},"status":{"collisionCount":9}}""", Cancel);

        Assert.Equal((0, 7), ((int)status["spec"]!["replicas"]!, (int)status["status"]!["collisionCount"]!));
        Assert.NotEqual(9, (int?)spec["status"]!["collisionCount"]);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var dry = await _sandbox.PostAsync($"{Maps}?dryRun=All", """{"metadata":{"name":"dry"}}""", Cancel);

        Assert.Equal("ConfigMap", (string?)dry["kind"]);
        Assert.Equal(404, (int?)(await _sandbox.GetAsync($"{Maps}/dry", Cancel))["code"]);
    }

    [Fact]
    public async Task Lists_page_by_page()
    {
        foreach (var name in (string[])["p1", "p2", "p3"])
        {
            await _sandbox.PostAsync(Maps, $$$"""{"metadata":{"labels":{"page":"yes"},"name":"{{{name}}}"} }""",
                Cancel);
        }

        var first = await _sandbox.GetAsync($"{Maps}?labelSelector=page&limit=2", Cancel);
        var token = Uri.EscapeDataString((string)first["metadata"]!["continue"]!);
        var second = await _sandbox.GetAsync($"{Maps}?labelSelector=page&limit=2&continue={token}", Cancel);

        Assert.Equal(["p1", "p2"], Names(first));
        Assert.Equal(["p3"], Names(second));
        Assert.Null(second["metadata"]!["continue"]);
        Assert.Equal(400, (int?)(await _sandbox.GetAsync($"{Maps}?continue=%25", Cancel))["code"]);
    }

    [Fact]
    public async Task Deletes_a_collection_by_label_and_tells_what_it_held()
    {
        await _sandbox.PostAsync(Maps, """{"metadata":{"name":"x1","labels":{"go":"yes"}}}""", Cancel);
        await _sandbox.PostAsync(Maps, """{"metadata":{"name":"x2","labels":{"go":"no"}}}""", Cancel);

        var deleted = await _sandbox.DeleteAsync($"{Maps}?labelSelector=go%3Dyes", Cancel);

        Assert.Equal("ConfigMapList", (string?)deleted["kind"]);
        Assert.Equal(["x1"], Names(deleted));
        Assert.Equal(["kube-root-ca.crt", "x2"], Names(await _sandbox.GetAsync(Maps, Cancel)));
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Foreground", 0)]
    [InlineData("Orphan", 1)]
    public async Task Dependents_follow_their_owner_or_stay(string propagation, int left)
    {
        await _sandbox.PostAsync(Deployments, """
            {"metadata":{"name":"o"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"o"}},"template":{"metadata":
            {"labels":{"app":"o"}},"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"c",
            "image":"a:1"}]}}}}
            """, Cancel);
        await _sandbox.UntilAsync($"{Deployments}/o", web => (int?)web["status"]!["availableReplicas"] == 1, Cancel);

        await _sandbox.DeleteAsync($"{Deployments}/o?propagationPolicy={propagation}", Cancel);

        await _sandbox.UntilAsync(Deployments, list => list["items"]!.AsArray().Count == 0, Cancel);
        await _sandbox.UntilAsync("/apis/apps/v1/namespaces/a/replicasets",
            list => list["items"]!.AsArray().Count == left, Cancel);
        await _sandbox.UntilAsync("/api/v1/namespaces/a/pods", list => list["items"]!.AsArray().Count == left, Cancel);
    }

    [Fact]
    public async Task A_stateful_set_grows_one_by_one_and_updates_from_the_last()
    {
        const string Sets = "/apis/apps/v1/namespaces/a/statefulsets";
        await _sandbox.PostAsync(Sets, """
            {"metadata":{"name":"db"},"spec":{"serviceName":"db","replicas":2,"selector":{"matchLabels":{"app":"db"}},
            "volumeClaimTemplates":[{"metadata":{"name":"disk"},"spec":{"resources":{"requests":{"storage":"1Gi"}}}}],
            "template":{"metadata":{"labels":{"app":"db"}},"spec":{"terminationGracePeriodSeconds":1,
            "containers":[{"name":"c","image":"a:1"}]}}}}
            """, Cancel);
        var ready = await _sandbox.UntilAsync($"{Sets}/db", db => (int?)db["status"]!["readyReplicas"] == 2, Cancel);
        Assert.Equal(["db-0", "db-1"], Names(await _sandbox.GetAsync("/api/v1/namespaces/a/pods", Cancel)));
        await _sandbox.UntilAsync("/api/v1/namespaces/a/persistentvolumeclaims", list => list["items"]!.AsArray()
            .All(claim => (string?)claim!["status"]!["phase"] == "Bound")
            && list["items"]!.AsArray().Count == 2, Cancel);

        await _sandbox.PatchAsync($"{Sets}/db", "strategic-merge-patch+json",
            """{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"a:2"}]}}}}""", Cancel);

        var updated = await _sandbox.UntilAsync($"{Sets}/db", db => (int?)db["status"]!["updatedReplicas"] == 2
            && (int?)db["status"]!["observedGeneration"] == 2 && (int?)db["status"]!["readyReplicas"] == 2, Cancel);
        Assert.NotEqual((string?)ready["status"]!["updateRevision"], (string?)updated["status"]!["updateRevision"]);
    }

    private Task<JsonNode> ApplyAsync(string manager, string json) =>
        _sandbox.PatchAsync($"{Maps}/m?fieldManager={manager}&force=true", "apply-patch+yaml", json, Cancel);

    private static IEnumerable<string?> Names(JsonNode list) =>
        list["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
