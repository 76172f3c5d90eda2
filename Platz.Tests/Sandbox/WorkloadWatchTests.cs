using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>Watches of everything that the Resources tab shows.</summary>
public sealed class WorkloadWatchTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new() { Configure = options => options.History = 40 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Types { get; } = new()
    {
        { "/apis/apps/v1", "deployments", Spec() },
        { "/apis/apps/v1", "statefulsets", Spec("\"serviceName\":\"x\",") },
        { "/apis/apps/v1", "replicasets", Spec() },
        {
            "/apis/batch/v1", "jobs", """
            "template":{"spec":{"restartPolicy":"Never",
            "containers":[{"name":"c","image":"a:1","command":["sleep","99"]}]}}
            """
        },
        { "/api/v1", "pods", "\"containers\":[{\"name\":\"c\",\"image\":\"a:1\"}]" },
    };

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("w", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Goes_on_where_it_ended_and_is_told_when_it_cannot(string api, string type, string spec)
    {
        var version = (string)(await _sandbox.GetAsync($"{api}/{type}", Cancel))["metadata"]!["resourceVersion"]!;
        var first = WatchAsync(
            $"{api}/{type}?watch=true&allowWatchBookmarks=true&timeoutSeconds=3&resourceVersion={version}");
        await _sandbox.PostAsync($"{api}/namespaces/w/{type}",
            $$$$"""{"metadata":{"name":"one"},"spec":{{{{{spec}}}}}}""", Cancel);
        var seen = await first;

        Assert.Equal("ADDED one", Shown(seen[0]));
        Assert.Equal("BOOKMARK ", Shown(seen[^1]));
        var bookmark = (string)seen[^1]["object"]!["metadata"]!["resourceVersion"]!;

        await _sandbox.PatchAsync($"{api}/namespaces/w/{type}/one", "merge-patch+json",
            """{"metadata":{"labels":{"later":"yes"}}}""", Cancel);
        var later = await WatchAsync(
            $"{api}/{type}?watch=true&timeoutSeconds=1&labelSelector=later%3Dyes&resourceVersion={bookmark}");
        Assert.Equal("ADDED one", Shown(later[0]));

        for (var index = 0; index < 50; index++)
        {
            await _sandbox.PostAsync("/api/v1/namespaces/w/configmaps",
                $$$"""{"metadata":{"name":"filler-{{{index}}}"}}""", Cancel);
        }

        var expired = Assert.Single(await WatchAsync($"{api}/{type}?watch=true&resourceVersion={bookmark}"));
        Assert.Equal(("ERROR", 410), ((string?)expired["type"], (int?)expired["object"]!["code"]));
    }

    private static string Shown(JsonNode change) => $"{change["type"]} {change["object"]!["metadata"]!["name"]}";

    private async Task<List<JsonNode>> WatchAsync(string path)
    {
        using var client = _sandbox.Client();
        var lines = await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static string Spec(string more = "") => more + """
        "replicas":1,"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},
        "spec":{"containers":[{"name":"c","image":"a:1"}]}}
        """;
}
