using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>
/// One bot, Maintainer of one kind in one env, with a token made for it: through the API it can do exactly what that
/// role says, with that kind and in that env. What it may not of all else that there is to do, the table of roles says.
/// </summary>
public sealed class OneBotTests(PostgresServer postgres) : BotTest(postgres)
{
    [Fact]
    public async Task With_its_kind_in_its_env_it_does_what_a_maintainer_may()
    {
        var one = $"/api/v2/deployments/{Own.Id}";
        var changed = await AnswerAsync(Ci.PutAsync(one, Body("""{"config":{"title":"new"}}"""), Cancel), HttpStatusCode.OK);
        Assert.Equal("""{"$hidden":true}""", (await OverriddenAsync(one))["values_override"]!.ToJsonString());
        var first = await EndAsync(DeploymentTaskStatus.Done);
        await AnswerAsync(Ci.PutAsync(one, Body("""{"config":{"title":"bad"}}"""), Cancel), HttpStatusCode.OK);
        var failed = await EndAsync(DeploymentTaskStatus.Failed);

        Assert.NotNull(changed["id"]);
        await PostAsync($"/api/v2/deployment-tasks/{failed}/retry", "{}", HttpStatusCode.Created);
        await EndAsync(DeploymentTaskStatus.Failed);
        await PostAsync($"/api/v2/deployment-tasks/{first}/rollback", "{}", HttpStatusCode.Created);
        await EndAsync(DeploymentTaskStatus.Done);
        await AnswerAsync(InvokeAsync(Own, "reindex"), HttpStatusCode.Created);
        await AnswerAsync(RestartAsync(Own), HttpStatusCode.Created);
        var others = await EnqueueAsync(Own);
        await AnswerAsync(Ci.DeleteAsync($"/api/v2/deployment-tasks/{others}", Cancel), HttpStatusCode.OK);

        var mine = await GetAsync($"/api/v2/deployment-tasks?actor=bot:{BotId}");
        Assert.Equal(6, mine["num_total"]!.GetValue<int>());
        Assert.Equal($"{BotId}", Text(mine["items"]![0]!, "acting_bot_id"));
    }

    [Fact]
    public async Task Another_kind_in_its_env_it_sees_and_leaves_alone()
    {
        var one = $"/api/v2/deployments/{OtherKind.Id}";
        await AnswerAsync(Ci.GetAsync(one, Cancel), HttpStatusCode.OK);
        await RefusedAsync(HttpMethod.Put, one, """{"config":{"a":1}}""", HttpStatusCode.Forbidden);
        await RefusedAsync(HttpMethod.Put, one, """{"enabled":false}""", HttpStatusCode.Forbidden);
        await RefusedAsync(HttpMethod.Delete, one, null, HttpStatusCode.Forbidden);
        await RefusedAsync(HttpMethod.Post, "/api/v2/deployments", New(Worker, Cluster.Id), HttpStatusCode.Forbidden);
        await AnswerAsync(InvokeAsync(OtherKind, "reindex"), HttpStatusCode.Forbidden);
        await AnswerAsync(RestartAsync(OtherKind), HttpStatusCode.Forbidden);
        var task = await EnqueueAsync(OtherKind);
        await RefusedAsync(HttpMethod.Delete, $"/api/v2/deployment-tasks/{task}", null, HttpStatusCode.Forbidden);
        await RefusedAsync(HttpMethod.Post, $"/api/v2/deployment-tasks/{task}/retry", "{}", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task In_another_env_there_is_nothing_for_it()
    {
        var one = $"/api/v2/deployments/{OtherEnv.Id}";
        await RefusedAsync(HttpMethod.Get, one, null, HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Put, one, """{"config":{"a":1}}""", HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Delete, one, null, HttpStatusCode.NotFound);
        await RefusedAsync(HttpMethod.Get, $"/api/v2/envs/{Stage.Id}", null, HttpStatusCode.NotFound);
        await AnswerAsync(InvokeAsync(OtherEnv, "reindex"), HttpStatusCode.NotFound);
        await AnswerAsync(RestartAsync(OtherEnv), HttpStatusCode.NotFound);
        var task = await EnqueueAsync(TaskFor(OtherEnv) with { EnvId = Stage.Id });
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/log"), (HttpMethod.Post, "/retry"), (HttpMethod.Post, "/rollback"),
        })
        {
            await RefusedAsync(method, $"/api/v2/deployment-tasks/{task}{path}", method == HttpMethod.Post ? "{}" : null, HttpStatusCode.NotFound);
        }

        var seen = await AnswerAsync(Ci.GetAsync("/api/v2/envs", Cancel), HttpStatusCode.OK);
        Assert.Equal("demo", Text(Assert.Single(seen["items"]!.AsArray())!, "name"));
        var tasks = await AnswerAsync(Ci.GetAsync($"/api/v2/deployment-tasks?env_id={Stage.Id}", Cancel), HttpStatusCode.OK);
        Assert.Empty(tasks["items"]!.AsArray());
    }

    [Fact]
    public async Task With_another_bots_token_it_is_that_bot()
    {
        var other = Text(await PostAsync("/api/v2/bots", new { display_name = "other" }, HttpStatusCode.Created), "id");
        var token = await PostAsync("/api/v2/bot-tokens", new { bot_id = other }, HttpStatusCode.Created);
        using var client = Server.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Text(token, "created_token"));

        var me = await AnswerAsync(client.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.OK);
        Assert.Equal(other, Text(me["Bot"]!, "id"));
        await AnswerAsync(client.GetAsync($"/api/v2/deployments/{Own.Id}", Cancel), HttpStatusCode.NotFound);
    }

    private async Task<JsonNode> OverriddenAsync(string one)
    {
        await PutAsync(one, new { values_override = new { password = "hush" } }, HttpStatusCode.OK);
        return await AnswerAsync(Ci.GetAsync(one, Cancel), HttpStatusCode.OK);
    }

    private async Task PostAsync(string path, string body, HttpStatusCode expected) =>
        await AnswerAsync(Ci.PostAsync(path, Body(body), Cancel), expected);

    private string New(Kind kind, Guid clusterId) => new JsonObject
    {
        ["name"] = "another",
        ["kind_id"] = $"{kind.Id}",
        ["cluster_id"] = $"{clusterId}",
        ["helm_chart_id"] = $"{Chart.Id}",
    }.ToJsonString();
}
