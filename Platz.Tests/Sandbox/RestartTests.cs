using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class RestartTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new();

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("r", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Keeps_its_objects_tokens_logs_and_ledger()
    {
        await _sandbox.CreatePodAsync("r", "done", Cancel, "echo kept");
        await _sandbox.PhaseAsync("r", "done", "Succeeded", Cancel);
        await _sandbox.PostAsync("/api/v1/namespaces/r/configmaps", """{"metadata":{"name":"gone"}}""", Cancel);
        await _sandbox.DeleteAsync("/api/v1/namespaces/r/configmaps/gone", Cancel);
        _sandbox.Faults.Add(new HelmScript { ExitCode = 4 });
        await CreateHelmPodAsync("helm");
        await _sandbox.PhaseAsync("r", "helm", "Failed", Cancel);
        var (token, before) = (_sandbox.AdminToken, await _sandbox.GetAsync("/api/v1/namespaces/r/pods/done", Cancel));
        var stamped = await _sandbox.LogAsync("r", "done", Cancel, "timestamps=true");

        await _sandbox.RestartAsync();

        Assert.Equal(token, _sandbox.AdminToken);
        Assert.Equal(before.ToJsonString(),
            (await _sandbox.GetAsync("/api/v1/namespaces/r/pods/done", Cancel)).ToJsonString());
        Assert.Equal(404, (int?)(await _sandbox.GetAsync("/api/v1/namespaces/r/configmaps/gone", Cancel))["code"]);
        Assert.Equal(stamped, await _sandbox.LogAsync("r", "done", Cancel, "timestamps=true"));
        Assert.Equal(4, Assert.Single(_sandbox.Ledger.Runs).ExitCode);
    }

    [Fact]
    public async Task Finds_running_pods_lost_and_replaces_those_of_a_deployment()
    {
        await _sandbox.CreatePodAsync("r", "alone", Cancel);
        await _sandbox.PostAsync("/apis/apps/v1/namespaces/r/deployments", """
            {"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":
            {"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"x:1"}]}}}}
            """, Cancel);
        await _sandbox.PhaseAsync("r", "alone", "Running", Cancel);
        await _sandbox.UntilAsync("/apis/apps/v1/namespaces/r/deployments/web",
            web => (int?)web["status"]!["availableReplicas"] == 1, Cancel);
        var before = await _sandbox.GetAsync("/api/v1/namespaces/r/pods?labelSelector=app%3Dweb", Cancel);

        await _sandbox.RestartAsync();

        var alone = await _sandbox.GetAsync("/api/v1/namespaces/r/pods/alone", Cancel);
        Assert.Equal(("Failed", "NodeLost"), ((string)alone["status"]!["phase"]!, (string)alone["status"]!["reason"]!));
        var old = (string)before["items"]![0]!["metadata"]!["name"]!;
        await _sandbox.UntilAsync("/api/v1/namespaces/r/pods?labelSelector=app%3Dweb", list =>
            list["items"]!.AsArray().Count == 1 && (string)list["items"]![0]!["metadata"]!["name"]! != old
            && (string?)list["items"]![0]!["status"]!["phase"] == "Running", Cancel);
    }

    [Fact]
    public async Task Stops_at_once_with_helm_running_and_a_watch_open()
    {
        await CreateHelmPodAsync("busy");
        _sandbox.Faults.Add(new HelmScript { Pod = "busy", Seconds = 60, IgnoresTerm = true });
        await _sandbox.PhaseAsync("r", "busy", "Running", Cancel);
        using var client = _sandbox.Client();
        using var watch = await client.GetAsync(new Uri("/api/v1/pods?watch=true", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead, Cancel);
        var time = Stopwatch.StartNew();

        await _sandbox.StopAsync();

        Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), $"it took {time.Elapsed}"); // the pod would take a minute
    }

    [Fact]
    public async Task Takes_a_torn_last_line_of_its_journal_in_its_stride()
    {
        await _sandbox.StopAsync();
        var journal = Path.Combine(_sandbox.Folder, "data", "objects.jsonl");
        await File.AppendAllTextAsync(journal, """{"resource":"v1/pods","name":"to""", Cancel);

        await _sandbox.InitializeAsync();

        Assert.Equal("Namespace", (string?)(await _sandbox.GetAsync("/api/v1/namespaces/r", Cancel))["kind"]);
    }

    private Task<JsonNode> CreateHelmPodAsync(string name) => _sandbox.PostAsync("/api/v1/namespaces/r/pods", $$$"""
        {"metadata":{"name":"{{{name}}}"},"spec":{"restartPolicy":"Never","containers":
        [{"name":"helm","image":"alpine/helm:3.18.0","args":["list"]}]}}
        """, Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
