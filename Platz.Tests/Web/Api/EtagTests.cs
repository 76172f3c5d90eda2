using System.Net;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class EtagTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task Who_has_it_already_is_sent_nothing_more()
    {
        var deployment = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        foreach (var path in new[] { deployment, $"/api/v2/envs/{Env.Id}", $"/api/v2/helm-charts/{Chart.Id}" })
        {
            var (tag, body) = await TagAsync(path);
            using var same = await SendAsync(HttpMethod.Get, path, "If-None-Match", $"\"x\", W/{tag}");
            Assert.Equal((HttpStatusCode.NotModified, tag), (same.StatusCode, same.Headers.ETag?.ToString()));
            Assert.Empty(await same.Content.ReadAsByteArrayAsync(Cancel));
            using var other = await SendAsync(HttpMethod.Get, path, "If-None-Match", "\"x\"");
            Assert.True(JsonNode.DeepEquals(body, await WebServer.JsonAsync(other, Cancel)));
        }

        var (before, _) = await TagAsync(deployment);
        await ExecuteAsync("UPDATE deployments SET status = 'Error'");
        using var changed = await SendAsync(HttpMethod.Get, deployment, "If-None-Match", before);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task A_deployment_that_somebody_else_has_changed_is_left_alone()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        var (seen, _) = await TagAsync(path);
        await ExecuteAsync("UPDATE deployments SET status = 'Error'"); // what runners find out is no change by somebody
        await AssertAsync(HttpStatusCode.OK, HttpMethod.Put, path, seen, """{"config":{"a":1}}""");

        foreach (var stale in new[] { seen, "\"never\"", "nonsense", $"W/{(await TagAsync(path)).Tag}" })
        {
            await AssertAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Put, path, stale, """{"config":{"a":2}}""");
            await AssertAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Delete, path, stale);
        }

        Assert.Equal("""{"a":1}""", (await GetAsync(path))["config"]!.ToJsonString());
        await AssertAsync(HttpStatusCode.OK, HttpMethod.Put, path, "*", """{"config":{"a":2}}""");
        await AssertAsync(HttpStatusCode.NoContent, HttpMethod.Delete, path, (await TagAsync(path)).Tag);
    }

    [Fact]
    public async Task A_request_repeated_with_its_key_is_answered_as_the_first_time()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        var (seen, _) = await TagAsync(path);
        for (var i = 0; i < 2; i++)
        {
            await AssertAsync(HttpStatusCode.OK, HttpMethod.Put, path, seen, """{"config":{"a":1}}""", key: "once");
        }

        Assert.Equal(1, (await GetAsync("/api/v2/deployment-tasks"))["num_total"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("envs", """{"name":"demo 2"}""", """{"name":"demo 3"}""")]
    [InlineData("k8s-clusters", """{"ingress_class":"nginx"}""", """{"ingress_class":"other"}""")]
    public async Task So_are_envs_and_clusters(string resource, string first, string second)
    {
        var path = $"/api/v2/{resource}/{(resource is "envs" ? Env.Id : Cluster.Id)}";
        var (seen, _) = await TagAsync(path);
        await ExecuteAsync("UPDATE k8s_clusters SET last_seen_at = now()");

        await AssertAsync(HttpStatusCode.OK, HttpMethod.Put, path, seen, first);
        await AssertAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Put, path, seen, second);
        await AssertAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Delete, path, seen);

        var (now, _) = await TagAsync(path);
        await AssertAsync(HttpStatusCode.OK, HttpMethod.Put, path, now, second);
    }

    [Fact]
    public async Task What_cannot_be_changed_on_a_condition_is_not_changed_without_it()
    {
        var path = Text(await PostAsync("/api/v2/bots", new { display_name = "ci" }, HttpStatusCode.Created), "id");
        var (seen, _) = await TagAsync($"/api/v2/bots/{path}");

        await AssertAsync(
            HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/v2/bots/{path}", seen, """{"display_name":"cd"}""");
        await AssertAsync(HttpStatusCode.BadRequest, HttpMethod.Delete, $"/api/v2/bots/{path}", "\"stale\"");

        Assert.Equal("ci", Text(await GetAsync($"/api/v2/bots/{path}"), "display_name"));
    }

    private async Task<(string Tag, JsonNode Body)> TagAsync(string path)
    {
        using var response = await Api.GetAsync(path, Cancel);
        return (response.Headers.ETag!.ToString(), await WebServer.JsonAsync(response, Cancel));
    }

    private async Task AssertAsync(
        HttpStatusCode expected, HttpMethod method, string path, string match, string? body = null, string? key = null)
    {
        using var response = await SendAsync(method, path, "If-Match", match, body, key);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{method} {path} {match}: {response.StatusCode} {text}");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string header, string value, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Body(body) };
        request.Headers.TryAddWithoutValidation(header, value);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key is null ? [] : [key]);
        return await Api.SendAsync(request, Cancel);
    }
}
