using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>A change that was lost never looks like one that was made.</summary>
public sealed class IdempotencyTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Key = "run-7";

    [Fact]
    public async Task A_key_is_for_one_request_alone()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        await SendAsync(Api, HttpMethod.Put, path, """{"config":{"a":1}}""", HttpStatusCode.OK);

        await SendAsync(Api, HttpMethod.Put, path, """{ "config": { "a": 1 } }""", HttpStatusCode.OK);
        await SendAsync(Api, HttpMethod.Put, path, """{"config":{"a":2}}""", HttpStatusCode.UnprocessableEntity);
        await SendAsync(Api, HttpMethod.Delete, path, null, HttpStatusCode.UnprocessableEntity);

        Assert.Equal(1, (await GetAsync("/api/v2/deployment-tasks"))["num_total"]!.GetValue<int>());
        Assert.Equal("""{"a":1}""", (await GetAsync(path))["config"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_made_one_deployment_makes_no_other()
    {
        await SendAsync(Api, HttpMethod.Post, "/api/v2/deployments", New("shop"), HttpStatusCode.Created);

        await SendAsync(Api, HttpMethod.Post, "/api/v2/deployments", New("store"), HttpStatusCode.UnprocessableEntity);

        Assert.Equal(1, (await GetAsync("/api/v2/deployments"))["num_total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Two_who_choose_the_same_key_change_both()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        using var maintainer = await ClientAsync(KindRole.Maintainer);

        await SendAsync(Api, HttpMethod.Put, path, """{"config":{"a":1}}""", HttpStatusCode.OK);
        await SendAsync(maintainer, HttpMethod.Put, path, """{"config":{"a":2}}""", HttpStatusCode.OK);

        Assert.Equal("""{"a":2}""", (await GetAsync(path))["config"]!.ToJsonString());
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_answered_when_it_has_ended()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        await SendAsync(Api, HttpMethod.Delete, path, null, HttpStatusCode.NoContent);
        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");

        await SendAsync(Api, HttpMethod.Delete, path, null, HttpStatusCode.NoContent);
        await SendAsync(Api, HttpMethod.Delete, path, null, HttpStatusCode.NotFound, key: "another");
    }

    [Fact]
    public async Task What_is_no_text_is_refused_with_a_key_too()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";

        await SendAsync(Api, HttpMethod.Put, path, """{"config":{},"note":"\ud800"}""", HttpStatusCode.BadRequest);
        await SendAsync(
            Api, HttpMethod.Put, path, """{"config":{}}""", HttpStatusCode.BadRequest, key: new string('k', 256));
    }

    [Fact]
    public async Task What_came_with_a_key_is_not_told_by_its_digest()
    {
        var path = $"/api/v2/deployments/{(await AddDeploymentAsync()).Id}";
        const string Asked = """{"config":{"password":"hunter2"}}""";
        await SendAsync(Api, HttpMethod.Put, path, Asked, HttpStatusCode.OK);

        await using var db = await DbAsync();
        var task = await db.Tasks.SingleAsync(Cancel);
        var guess = SHA256.HashData(Encoding.UTF8.GetBytes($"PUT\0{path}\0{Asked}"));
        Assert.NotEqual(Convert.ToHexStringLower(guess.AsSpan(0, 16)), task.IdempotencyRequest);
        Assert.Equal(32, task.IdempotencyRequest!.Length);
    }

    private string New(string name) => $$"""
        {"name":"{{name}}","kind_id":"{{Kind.Id}}","cluster_id":"{{Cluster.Id}}","helm_chart_id":"{{Chart.Id}}"}
        """;

    private static async Task SendAsync(
        HttpClient client, HttpMethod method, string path, string? body, HttpStatusCode expected, string key = Key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Body(body) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request, Cancel);
        Assert.True(response.StatusCode == expected, await response.Content.ReadAsStringAsync(Cancel));
    }
}
