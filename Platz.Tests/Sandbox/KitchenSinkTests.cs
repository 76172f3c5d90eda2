using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>The sample chart with everything in it, installed by real helm and asked over its ingress.</summary>
public sealed class KitchenSinkTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public async Task Answers_on_its_ingress_what_its_extensions_ask_for(string version)
    {
        var host = await InstallAsync(version);
        using var client = sandbox.IngressClient(host);

        var status = await client.GetFromJsonAsync<JsonObject>("/platz/status", Cancel);
        Assert.Equal(("Running", "success"),
            ((string?)status!["status"]!["name"], (string?)status["status"]!["color"]));
        Assert.Equal("12.5", (string?)status["primary_metric"]!["value"]);
        Assert.Equal("3", (string?)status["metrics"]![1]!["value"]);
        Assert.Contains("Info", status["notices"]!.ToJsonString());

        var reindexed = await client.PostAsJsonAsync("/platz/reindex", new { index = "pages" }, Cancel);
        Assert.Equal(1204, (int?)(await reindexed.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["documents"]);
        var exploded = await client.PostAsync("/platz/explode", null, Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, exploded.StatusCode);
        Assert.Contains("locked by another writer", await exploded.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync("/platz/data", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/platz/drain", null, Cancel)).StatusCode);
        var lifecycle = await LifecycleAsync(client);
        Assert.Equal([201, 200, 204], lifecycle);
    }

    private static async Task<int[]> LifecycleAsync(HttpClient client)
    {
        using var nothing = JsonContent.Create(new { name = "orders" });
        var made = await client.PostAsync("/platz/databases", nothing, Cancel);
        var changed = await client.PutAsync("/platz/databases", nothing, Cancel);
        var gone = await client.DeleteAsync("/platz/databases", Cancel);
        return [(int)made.StatusCode, (int)changed.StatusCode, (int)gone.StatusCode];
    }

    private async Task<string> InstallAsync(string version)
    {
        var release = $"kitchensink-v{version.Replace('.', '-')}";
        var host = $"{release}.sandbox.test";
        await Helm.RunAsync(HelmBinaries.Helm3, [
            "install", release, Repository.SampleChart("kitchen-sink", version), "--kubeconfig", sandbox.KubeconfigFile,
            "--namespace", release, "--create-namespace", "--wait", "--timeout", "60s",
            "--set", "app.replicas=3,app.title=A \"quoted\": title",
            "--set", $"ingress.enabled=true,ingress.hosts[0].host={host}",
            "--set", "ingress.hosts[0].paths[0].path=/,ingress.hosts[0].paths[0].pathType=Prefix"], Cancel);
        return host;
    }
}
