using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>A chart with the credentials it was installed with reads its env, invokes what maintainers may, and no more.</summary>
public sealed class DeploymentCredentialsTests(PostgresServer postgres) : WebTest(postgres)
{
    private Deployment _own = null!;
    private Deployment _foreign = null!;
    private HttpClient _chart = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("""
            UPDATE helm_charts SET actions_schema = (
                SELECT json_agg(json_build_object('apiVersion', 'platz.io/v1beta1', 'kind', 'Action', 'spec',
                    json_build_object('id', id, 'title', id, 'description', '', 'allowed_role', role,
                        'endpoint', 'standard_ingress', 'path', '/' || id, 'method', 'POST')))
                FROM (VALUES ('reindex', 'Maintainer'), ('wipe', 'Owner')) AS a(id, role))
            """);
        _own = await AddDeploymentAsync();
        _foreign = await AddForeignAsync();
        _chart = Server.Client();
        _chart.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync());
    }

    public override async ValueTask DisposeAsync()
    {
        _chart.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task They_say_who_they_are_in_either_header()
    {
        var me = await AnswerAsync(_chart.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.OK);
        Assert.Equal($$$"""{"Deployment":{"id":"{{{_own.Id}}}","name":"shop"}}""", me.ToJsonString());

        using var other = Server.Client();
        other.DefaultRequestHeaders.Add("x-platz-token", await TokenAsync());
        await AnswerAsync(other.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.OK);
    }

    [Fact]
    public async Task They_read_their_own_env_and_no_other()
    {
        foreach (var (path, count) in new[] { ("deployments", 1), ("envs", 1), ("k8s-clusters", 1), ("secrets", 0) })
        {
            var page = await AnswerAsync(_chart.GetAsync($"/api/v2/{path}", Cancel), HttpStatusCode.OK);
            Assert.Equal((path, count), (path, page["num_total"]!.GetValue<int>()));
        }

        await AnswerAsync(_chart.GetAsync($"/api/v2/deployments/{_own.Id}", Cancel), HttpStatusCode.OK);
        await AnswerAsync(_chart.GetAsync($"/api/v2/deployments/{_foreign.Id}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(InvokeAsync(_foreign, "reindex"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task They_invoke_what_maintainers_may_and_change_nothing()
    {
        var task = await AnswerAsync(InvokeAsync(_own, "reindex"), HttpStatusCode.Created);
        Assert.Equal(_own.Id.ToString(), Text(task, "acting_deployment_id"));
        await AnswerAsync(InvokeAsync(_own, "wipe"), HttpStatusCode.Forbidden);

        var one = $"/api/v2/deployments/{_own.Id}";
        await AnswerAsync(_chart.PutAsync(one, Body("""{"config":{"a":1}}"""), Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(_chart.DeleteAsync(one, Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(_chart.PostAsync("/api/v2/secrets", Body(new JsonObject
        {
            ["env_id"] = $"{Env.Id}",
            ["collection"] = "db",
            ["name"] = "password",
            ["contents"] = "x",
        }), Cancel), HttpStatusCode.Forbidden);
        var others = await EnqueueAsync(_own);
        await AnswerAsync(_chart.DeleteAsync($"/api/v2/deployment-tasks/{others}", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(
            _chart.DeleteAsync($"/api/v2/deployment-tasks/{Text(task, "id")}", Cancel), HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("UPDATE deployments SET deleted_at = now() WHERE name = 'shop'")]
    [InlineData("UPDATE k8s_clusters SET env_id = NULL")]
    public async Task They_end_with_their_place(string sql)
    {
        await ExecuteAsync(sql);

        await AnswerAsync(_chart.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_changed_one_is_refused_like_any_bad_token()
    {
        var token = await TokenAsync();
        foreach (var bad in new[] { token[..^3] + "abc", token + "x", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30." })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/auth/me");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bad}");
            await AnswerAsync(Anonymous.SendAsync(request, Cancel), HttpStatusCode.Unauthorized);
        }
    }

    private Task<string> TokenAsync() => Server.Services.GetRequiredService<DeploymentTokens>()
        .CreateAsync(_own.Id, TimeSpan.FromMinutes(5), Cancel);

    private Task<HttpResponseMessage> InvokeAsync(Deployment deployment, string action) => _chart.PostAsync(
        "/api/v2/deployment-tasks",
        Body(new JsonObject
        {
            ["deployment_id"] = $"{deployment.Id}",
            ["operation"] = new JsonObject
            {
                ["InvokeAction"] = new JsonObject
                {
                    ["helm_chart_id"] = $"{Chart.Id}",
                    ["action_id"] = action,
                    ["body"] = new JsonObject(),
                },
            },
        }),
        Cancel);

    private async Task<Deployment> AddForeignAsync()
    {
        await using var db = await DbAsync();
        var env = new Env { Name = "stage" };
        var cluster = new Cluster { EnvId = env.Id, ProviderId = "config:stage", Name = "stage", RegionName = "eu" };
        db.AddRange(env, cluster);
        await db.SaveChangesAsync(Cancel);
        var deployment = await AddDeploymentAsync("foreign");
        await db.Deployments.Where(d => d.Id == deployment.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.ClusterId, cluster.Id), Cancel);
        return deployment;
    }
}
