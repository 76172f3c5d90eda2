using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

/// <summary>What a caller who may do something tries beyond it (security.md 4).</summary>
public sealed class HostileRequestsTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Deployments = "/api/v2/deployments";
    private const string Tasks = "/api/v2/deployment-tasks";
    private const string Sql = "'; DROP TABLE deployments; -- \" $$ %s \\";

    [Fact]
    public async Task What_is_not_the_callers_to_say_is_ignored()
    {
        var bob = await AddUserAsync("bob");
        var wanted = New("shop");
        foreach (var (field, value) in new (string, JsonNode)[]
        {
            ("id", $"{Guid.NewGuid()}"), ("status", "Running"), ("created_at", "2001-01-01T00:00:00Z"), ("fence", 7),
            ("acting_user_id", $"{bob.Id}"), ("acting_bot_id", $"{Guid.NewGuid()}"), ("revision_id", $"{Guid.NewGuid()}"),
            ("namespace", "kube-system"), ("version", 99), ("deleted_at", "2001-01-01T00:00:00Z"), ("enabled", false),
        })
        {
            wanted[field] = value;
        }

        var made = await PostAsync(Deployments, wanted, HttpStatusCode.Created);

        Assert.NotEqual(Text(wanted, "id"), Text(made, "id"));
        await using var db = await DbAsync();
        var (deployment, task) = (await db.Deployments.SingleAsync(Cancel), await db.Tasks.SingleAsync(Cancel));
        Assert.Equal(("web-shop", true, DeploymentStatus.Unknown), (deployment.Namespace, deployment.Enabled, deployment.Status));
        Assert.Equal((0, null), (deployment.Version, deployment.DeletedAt));
        Assert.True(deployment.CreatedAt.Year > 2001);
        Assert.Equal((Alice.Id, null, 0), (task.ActingUserId, task.ActingBotId, (int)task.Fence));
    }

    [Fact]
    public async Task What_looks_like_SQL_is_kept_as_it_was_sent()
    {
        var deployment = await AddDeploymentAsync();
        var saved = await PutAsync($"{Deployments}/{deployment.Id}",
            new { description_md = Sql, config = new { title = Sql }, values_override = new { note = Sql } }, HttpStatusCode.OK);
        Assert.Equal((Sql, Sql, Sql),
            (Text(saved, "description_md"), Text(saved["config"]!, "title"), Text(saved["values_override"]!, "note")));
        var bot = await PostAsync("/api/v2/bots", new { display_name = Sql }, HttpStatusCode.Created);
        Assert.Equal(Sql, Text(bot, "display_name"));
        var secret = await PostAsync("/api/v2/secrets",
            new { env_id = Env.Id, collection = Sql, name = Sql, contents = Sql }, HttpStatusCode.Created);
        Assert.Equal((Sql, Sql), (Text(secret, "collection"), Text(secret, "name")));
        var task = await EnqueueAsync(deployment);
        using var cancel = new HttpRequestMessage(HttpMethod.Delete, $"{Tasks}/{task}") { Content = Body(new JsonObject { ["reason"] = Sql }) };
        Assert.Equal(Sql, Text(await AnswerAsync(Api.SendAsync(cancel, Cancel), HttpStatusCode.OK), "cancel_reason"));

        var sql = Uri.EscapeDataString(Sql);
        foreach (var path in new[]
        {
            $"deployments?name={sql}", $"envs?name={sql}", $"secrets?collection={sql}&name={sql}", $"bots?display_name={sql}",
            $"k8s-resources?kind={sql}&name={sql}", $"helm-registries?repo_name={sql}", $"helm-charts?parsed_branch={sql}",
            $"deployment-resource-types?key={sql}", $"helm-tag-formats?pattern={sql}", $"deployments?sort={sql}&order_by={sql}",
        })
        {
            var page = await GetAsync($"/api/v2/{path}");
            Assert.Equal((path, path.StartsWith("secrets", StringComparison.Ordinal) || path.StartsWith("bots", StringComparison.Ordinal)
                || path.Contains("sort=", StringComparison.Ordinal) ? 1 : 0), (path, page["num_total"]!.GetValue<int>()));
        }
    }

    [Theory]
    [InlineData("page=-1")]
    [InlineData("page=0")]
    [InlineData("page=99999999999999999999")]
    [InlineData("page=1%20OR%201=1")]
    [InlineData("per_page=0")]
    [InlineData("per_page=-1")]
    [InlineData("per_page=(select%201)")]
    [InlineData("cursor=edited")]
    [InlineData("cursor=%00")]
    public async Task A_page_that_cannot_be_is_refused_by_name(string query)
    {
        var problem = await AnswerAsync(Api.GetAsync($"{Tasks}?{query}", Cancel), HttpStatusCode.BadRequest);

        Assert.Equal(query.Split('=')[0], Assert.Single(problem["errors"]!.AsObject()).Key);
    }

    [Fact]
    public async Task Only_what_runs_of_the_deployment_itself_is_restarted()
    {
        var (shop, other) = (await AddDeploymentAsync(), await AddDeploymentAsync("other"));
        var (own, foreign) = (await AddResourceAsync(shop, "Deployment"), await AddResourceAsync(other, "Deployment"));
        var secret = await AddResourceAsync(shop, "Secret");

        await AnswerAsync(RestartAsync(shop, foreign, "it"), HttpStatusCode.NotFound);
        await AnswerAsync(RestartAsync(shop, Guid.NewGuid(), "it"), HttpStatusCode.NotFound);
        await AnswerAsync(RestartAsync(shop, own, "another"), HttpStatusCode.UnprocessableEntity);
        await AnswerAsync(RestartAsync(shop, secret, "it"), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(0, (await GetAsync(Tasks))["num_total"]!.GetValue<int>());
        await AnswerAsync(RestartAsync(shop, own, "it"), HttpStatusCode.Created);
    }

    public static TheoryData<string> NoOperations =>
    [
        "null", "[]", "{}", "\"Uninstall\"", """{"DropEverything":{}}""", """{"InvokeAction":null}""",
        """{"InvokeAction":{"helm_chart_id":1e400}}""", """{"RestartK8sResource":{},"InvokeAction":{}}""",
        "{\"InvokeAction\":{\"body\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_002),
        """{"InvokeAction":{"action_id":"a","action_id":"b"}}""",
        "{\"InvokeAction\":{\"action_id\":\"" + new string('a', 10_000_000) + "\"}}",
    ];

    [Theory, MemberData(nameof(NoOperations))]
    public async Task An_operation_that_is_none_is_refused(string operation)
    {
        var deployment = await AddDeploymentAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, Tasks)
        {
            Content = Body($"{{\"deployment_id\":\"{deployment.Id}\",\"operation\":{operation}}}"),
        };
        request.Headers.ExpectContinue = true; // who sends too much is told before all of it is sent
        using var answer = await Api.SendAsync(request, Cancel);

        Assert.InRange((int)answer.StatusCode, 400, 422);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["message"]);
        Assert.Equal(0, (await GetAsync(Tasks))["num_total"]!.GetValue<int>());
    }

    /// <summary>What the process tells of itself, it tells nobody who only comes by.</summary>
    [Fact]
    public async Task Nothing_is_told_to_whoever_is_not_signed_in()
    {
        foreach (var path in new[]
        {
            "/metrics", "/health", "/healthz", "/swagger", "/swagger/index.html", "/openapi/v1.json", "/error", "/debug", "/env",
            "/.git/config", "/appsettings.json", "/Platz.Web.dll",
        })
        {
            using var answer = await Anonymous.GetAsync(path, Cancel);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        using var document = await Anonymous.GetAsync("/openapi/v2.json", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, document.StatusCode);
        Assert.Equal("""{"status":"ready"}""", await Anonymous.GetStringAsync("/healthz/ready", Cancel));
    }

    private JsonObject New(string name) => new()
    {
        ["name"] = name,
        ["kind_id"] = $"{Kind.Id}",
        ["cluster_id"] = $"{Cluster.Id}",
        ["helm_chart_id"] = $"{Chart.Id}",
    };

    private async Task<Guid> AddResourceAsync(Deployment deployment, string kind)
    {
        await using var db = await DbAsync();
        var added = new K8sResource
        {
            Id = Guid.NewGuid(),
            ClusterId = Cluster.Id,
            DeploymentId = deployment.Id,
            ApiVersion = "v1",
            Kind = kind,
            Name = "it",
        };
        db.Add(added);
        await db.SaveChangesAsync(Cancel);
        return added.Id;
    }

    private Task<HttpResponseMessage> RestartAsync(Deployment deployment, Guid resource, string name) => Api.PostAsync(
        Tasks,
        Body(new JsonObject
        {
            ["deployment_id"] = $"{deployment.Id}",
            ["operation"] = new JsonObject
            {
                ["RestartK8sResource"] = new JsonObject { ["resource_id"] = $"{resource}", ["resource_name"] = name },
            },
        }),
        Cancel);
}
