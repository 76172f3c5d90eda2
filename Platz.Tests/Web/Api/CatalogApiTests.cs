using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class CatalogApiTests(PostgresServer postgres) : WebTest(postgres)
{
    [Theory]
    [InlineData("envs", UpstreamShape.Env)]
    [InlineData("k8s-clusters", UpstreamShape.K8sCluster)]
    [InlineData("deployment-kinds", UpstreamShape.DeploymentKind)]
    [InlineData("helm-registries", UpstreamShape.HelmRegistry)]
    [InlineData("helm-charts", UpstreamShape.HelmChart)]
    public async Task A_resource_is_listed_and_read_with_the_upstream_fields(string resource, string shape)
    {
        var list = await GetAsync($"/api/v2/{resource}");

        Assert.Equal((1, 50, 1), (Number(list, "page"), Number(list, "per_page"), Number(list, "num_total")));
        var item = Assert.Single(list["items"]!.AsArray())!;
        UpstreamShape.AssertIs(shape, item);
        Assert.True(JsonNode.DeepEquals(item, await GetAsync($"/api/v2/{resource}/{item["id"]}")));
        await AnswerAsync(Api.GetAsync($"/api/v2/{resource}/{Guid.NewGuid()}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(Api.GetAsync($"/api/v2/{resource}?page=0", Cancel), HttpStatusCode.BadRequest);
        using var refused = await Api.PatchAsync($"/api/v2/{resource}", Body("{}"), Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Contains("GET", refused.Content.Headers.Allow);
    }

    [Fact]
    public async Task Lists_filter_by_every_parameter()
    {
        Assert.Equal(1, await CountAsync("envs?name=DEMO&auto_add_new_users=false"));
        Assert.Equal(0, await CountAsync("envs?name=dem"));
        Assert.Equal(0, await CountAsync("envs?auto_add_new_users=true"));
        Assert.Equal(1, await CountAsync($"k8s-clusters?name=ONE&env_id={Env.Id}"));
        Assert.Equal(0, await CountAsync("k8s-clusters?name=on_"));
        Assert.Equal(0, await CountAsync($"k8s-clusters?env_id={Guid.NewGuid()}"));
        Assert.Equal(1, await CountAsync("deployment-kinds?name=Web"));
        Assert.Equal(0, await CountAsync("deployment-kinds?name=web"));
        Assert.Equal(1, await CountAsync($"helm-registries?repo_name=web&kind_id={Kind.Id}"));
        Assert.Equal(0, await CountAsync("helm-registries?repo_name=other"));
        Assert.Equal(1, await CountAsync($"helm-charts?helm_registry_id={Registry.Id}&kind_id={Kind.Id}"));
        Assert.Equal(0, await CountAsync($"helm-charts?kind_id={Guid.NewGuid()}"));
        Assert.Equal(0, await CountAsync("helm-charts?parsed_branch=main"));
    }

    [Fact]
    public async Task Charts_in_use_are_the_deployed_ones_and_the_newest_of_their_branches()
    {
        await AddDeploymentAsync();
        var older = await AddChartAsync("1.1.0", day: 1);
        var newest = await AddChartAsync("1.2.0", day: 2);
        var elsewhere = await AddChartAsync("2.0.0", day: 3, branch: "next");

        var ids = (await GetAsync("/api/v2/helm-charts?in_use=true"))["items"]!.AsArray()
            .Select(c => c!["id"]!.GetValue<Guid>()).ToList();

        Assert.Equal([newest, Chart.Id], ids);
        Assert.DoesNotContain(older, ids);
        Assert.Equal([elsewhere], (await GetAsync("/api/v2/helm-charts?parsed_branch=next"))["items"]!.AsArray()
            .Select(c => c!["id"]!.GetValue<Guid>()));
    }

    [Fact]
    public async Task No_answer_holds_a_kubeconfig()
    {
        await using var db = await DbAsync();
        var cluster = await db.Clusters.FindAsync([Cluster.Id], Cancel);
        cluster!.Kubeconfig = Encoding.UTF8.GetBytes("canary-kubeconfig");
        await db.SaveChangesAsync(Cancel);

        foreach (var path in new[] { "/api/v2/k8s-clusters", $"/api/v2/k8s-clusters/{Cluster.Id}" })
        {
            var text = (await GetAsync(path)).ToJsonString();
            Assert.DoesNotContain("kubeconfig", text);
            Assert.DoesNotContain(Convert.ToBase64String(cluster.Kubeconfig), text);
        }
    }

    [Fact]
    public async Task The_server_tells_its_version_to_anybody()
    {
        var server = await AnswerAsync(Anonymous.GetAsync("/api/v2/server", Cancel), HttpStatusCode.OK);

        Assert.Matches(@"^\d+\.\d+\.\d+", Text(server, "version"));
    }

    [Fact]
    public async Task Google_sign_in_is_not_here()
    {
        await AnswerAsync(Anonymous.GetAsync("/api/v2/auth/google", Cancel), HttpStatusCode.NotImplemented);
        await AnswerAsync(
            Anonymous.PostAsync("/api/v2/auth/google/callback", Body("{}"), Cancel), HttpStatusCode.NotImplemented);
    }

    private async Task<Guid> AddChartAsync(string version, int day, string? branch = null)
    {
        var template = NewChart(version);
        var chart = new Chart
        {
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(day),
            HelmRegistryId = Registry.Id,
            ImageDigest = template.ImageDigest,
            ImageTag = version,
            ChartName = template.ChartName,
            ParsedBranch = branch,
        };
        await using var db = await DbAsync();
        db.Add(chart);
        await db.SaveChangesAsync(Cancel);
        return chart.Id;
    }

    private async Task<int> CountAsync(string query) => Number(await GetAsync($"/api/v2/{query}"), "num_total");

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();
}
