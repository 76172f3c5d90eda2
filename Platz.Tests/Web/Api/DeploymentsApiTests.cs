using System.Net;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class DeploymentsApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployments";

    [Fact]
    public async Task A_created_deployment_has_a_task_and_the_upstream_fields()
    {
        using var response = await Api.PostAsync(Path, Body(New("shop")), Cancel);
        var created = await WebServer.JsonAsync(response, Cancel);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{Path}/{created["id"]}", response.Headers.Location?.ToString());
        UpstreamShape.AssertIs(UpstreamShape.Deployment, created);
        Assert.Equal("web-shop", Text(created, "namespace"));
        var task = (await GetAsync($"/api/v2/deployment-tasks?deployment_id={created["id"]}"))["items"]![0]!;
        Assert.Equal("shop", task["operation"]!["Install"]!["config_inputs"]!["title"]!.GetValue<string>());
        Assert.Equal(Alice.Id.ToString(), Text(task, "acting_user_id"));
        Assert.Equal(Text(task, "id"), Assert.Single(response.Headers.GetValues("x-platz-task-id")));
    }

    [Fact]
    public async Task A_deployment_is_read_by_its_id()
    {
        var created = await CreateAsync("shop");

        Assert.True(JsonNode.DeepEquals(created, await GetAsync($"{Path}/{created["id"]}")));
        await AnswerAsync(Api.GetAsync($"{Path}/{Guid.NewGuid()}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(Api.GetAsync($"{Path}/no-id", Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_update_changes_what_is_given_and_queues_one_upgrade()
    {
        var created = await CreateAsync("shop");

        var edit = JsonNode.Parse("""{"config":{"title":"new"},"status":"Running","made_up":1}""")!;
        var updated = await PutAsync($"{Path}/{created["id"]}", edit, HttpStatusCode.OK);

        Assert.Equal("new", updated["config"]!["title"]!.GetValue<string>());
        Assert.Equal("big", updated["values_override"]!["size"]!.GetValue<string>());
        Assert.NotEqual("Running", Text(updated, "status")); // over-posted fields are ignored
        var tasks = await TasksAsync(created);
        Assert.Equal(["Upgrade", "Install"], tasks.Select(t => t!["operation"]!.AsObject().Single().Key));
        var upgrade = tasks[0]!["operation"]!["Upgrade"]!;
        Assert.Equal("""{"title":["shop","new"]}""", upgrade["config_delta"]!.ToJsonString());
    }

    [Fact]
    public async Task An_explicit_null_empties_the_override_and_leaves_other_fields_alone()
    {
        var created = await CreateAsync("shop");

        var updated = await PutAsync($"{Path}/{created["id"]}",
            new JsonObject { ["values_override"] = null, ["config"] = null, ["name"] = null, ["enabled"] = null },
            HttpStatusCode.OK);

        Assert.Empty(updated["values_override"]!.AsObject());
        Assert.Equal("shop", updated["config"]!["title"]!.GetValue<string>());
        Assert.True(updated["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_save_with_no_difference_still_deploys_again_but_a_description_alone_does_not()
    {
        var created = await CreateAsync("shop");

        await PutAsync($"{Path}/{created["id"]}", new JsonObject { ["config"] = created["config"]!.DeepClone() },
            HttpStatusCode.OK);
        Assert.Equal(2, (await TasksAsync(created)).Count);

        var described = await PutAsync($"{Path}/{created["id"]}", new JsonObject { ["description_md"] = "# Shop" },
            HttpStatusCode.OK);
        Assert.Equal("# Shop", Text(described, "description_md"));
        Assert.Equal(2, (await TasksAsync(created)).Count);

        await PutAsync($"{Path}/{created["id"]}", new JsonObject(), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_deleted_deployment_cancels_what_waits_and_queues_its_uninstall()
    {
        var created = await CreateAsync("shop");

        using var deleted = await Api.DeleteAsync($"{Path}/{created["id"]}", Cancel);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("Deleting", Text(await GetAsync($"{Path}/{created["id"]}"), "status"));
        Assert.Equal(["Pending", "Canceled"], (await TasksAsync(created)).Select(t => Text(t!, "status")));
        await AnswerAsync(Api.DeleteAsync($"{Path}/{created["id"]}", Cancel), HttpStatusCode.Conflict);
        await AnswerAsync(Api.DeleteAsync($"{Path}/{Guid.NewGuid()}", Cancel), HttpStatusCode.NotFound);

        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");
        await AnswerAsync(Api.GetAsync($"{Path}/{created["id"]}", Cancel), HttpStatusCode.NotFound);
        Assert.Empty((await GetAsync(Path))["items"]!.AsArray());
        Assert.Equal(2, (await TasksAsync(created)).Count); // history stays reachable
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict_at_that_field()
    {
        await CreateAsync("shop");

        var problem = await PostAsync(Path, New("shop"), HttpStatusCode.Conflict);

        Assert.Equal(Text(problem, "detail"), Text(problem, "message"));
        Assert.Contains("already", problem["errors"]!["name"]![0]!.GetValue<string>());
        Assert.Equal(1, (await GetAsync(Path))["num_total"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_is_wrong_is_told_field_by_field()
    {
        var wrong = New("Not A Name");
        wrong["cluster_id"] = Guid.NewGuid().ToString();
        wrong["helm_chart_id"] = Guid.NewGuid().ToString();

        var problem = await PostAsync(Path, wrong, HttpStatusCode.UnprocessableEntity);

        Assert.Equal(["cluster_id", "helm_chart_id", "name"], Fields(problem));

        var empty = await PostAsync(Path, new JsonObject(), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["cluster_id", "helm_chart_id", "kind_id"], Fields(empty));
        Assert.Empty((await GetAsync(Path))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("name", "1")]
    [InlineData("name", "\"a\\u0000b\"")]
    [InlineData("name", "\"\\ud800\"")]
    [InlineData("kind_id", "\"web\"")]
    [InlineData("config", "[1]")]
    [InlineData("config", "\"a: 1\"")]
    [InlineData("config", "{\"a\":\"\\u0000\"}")]
    [InlineData("config", "{\"a\":[\"\\ud800\"]}")]
    [InlineData("config", "{\"a\":1e400}")]
    [InlineData("values_override", "{\"a\":{\"b\":1e-99999}}")]
    [InlineData("description_md", "\"\\u0000\"")]
    public async Task What_cannot_be_kept_is_refused_at_its_field(string field, string json)
    {
        var text = New("shop").ToJsonString();
        text = $"{text[..^1]},\"@\":0}}".Replace($"\"{field}\":", "\"unused\":", StringComparison.Ordinal)
            .Replace("\"@\":0", $"\"{field}\":{json}", StringComparison.Ordinal);

        var problem = await AnswerAsync(Api.PostAsync(Path, Body(text), Cancel), HttpStatusCode.UnprocessableEntity);

        Assert.NotNull(problem["errors"]![field]);
    }

    [Fact]
    public async Task Lists_filter_by_every_parameter()
    {
        var shop = await CreateAsync("shop");
        await CreateAsync("back-office");
        await PutAsync($"{Path}/{shop["id"]}", new JsonObject { ["enabled"] = false }, HttpStatusCode.OK);

        Assert.Equal(["shop"], await NamesAsync("name=SHO"));
        Assert.Empty(await NamesAsync("name=%25"));
        Assert.Empty(await NamesAsync("name=_"));
        Assert.Equal(["shop"], await NamesAsync("enabled=false"));
        Assert.Equal(["back-office", "shop"], await NamesAsync($"kind_id={Kind.Id}&cluster_id={Cluster.Id}"));
        Assert.Equal(["back-office", "shop"], await NamesAsync($"env_id={Env.Id}"));
        Assert.Empty(await NamesAsync($"kind_id={Guid.NewGuid()}"));
        Assert.Empty(await NamesAsync($"cluster_id={Guid.NewGuid()}"));
        Assert.Empty(await NamesAsync($"env_id={Guid.NewGuid()}"));
    }

    [Fact]
    public async Task What_a_chart_reports_comes_with_every_field_that_clients_need()
    {
        var one = $"{Path}/{(await CreateAsync("shop"))["id"]}";
        Assert.Null((await GetAsync(one))["reported_status"]);
        await ReportAsync("""
            {"timestamp":"2026-01-31T12:00:00Z","get_successful":true,"error":null,"content":{
              "status":{"name":"Ready","color":"SUCCESS"},"primary_metric":{"value":1.5},"x":1,
              "notices":[{"level":"warning","text":"Low"},{"text":1}]}}
            """);

        var status = (await GetAsync(one))["reported_status"]!;

        Assert.Equal(
            """
            {"timestamp":"2026-01-31T12:00:00Z","get_successful":true,"content":{"status":{"name":"Ready","color":"success"},"primary_metric":{"value":"1.5","unit":"","short_description":"","color":"secondary"},"metrics":[],"notices":[{"level":"Warning","text":"Low"}]},"error":null}
            """.Trim(), status.ToJsonString());

        await ReportAsync("""{"timestamp":"2026-01-31T12:00:00Z","get_successful":false,"content":null,"error":"It answered 500."}""");
        status = (await GetAsync(one))["reported_status"]!;
        Assert.Equal((false, "It answered 500."), (status["get_successful"]!.GetValue<bool>(), Text(status, "error")));
        Assert.Null(status["content"]);
    }

    private Task<int> ReportAsync(string json) => ExecuteAsync($"UPDATE deployments SET reported_status = '{json}'");

    private async Task<JsonNode> CreateAsync(string name) => await PostAsync(Path, New(name), HttpStatusCode.Created);

    private JsonObject New(string name) => new()
    {
        ["name"] = name,
        ["kind_id"] = Kind.Id.ToString(),
        ["cluster_id"] = Cluster.Id.ToString(),
        ["helm_chart_id"] = Chart.Id.ToString(),
        ["config"] = new JsonObject { ["title"] = name },
        ["values_override"] = new JsonObject { ["size"] = "big" },
    };

    private static IEnumerable<string> Fields(JsonNode problem) =>
        problem["errors"]!.AsObject().Select(error => error.Key).Order();

    private async Task<JsonArray> TasksAsync(JsonNode deployment) =>
        (await GetAsync($"/api/v2/deployment-tasks?deployment_id={deployment["id"]}"))["items"]!.AsArray();

    private async Task<List<string>> NamesAsync(string query) =>
        [.. (await GetAsync($"{Path}?{query}"))["items"]!.AsArray().Select(d => Text(d!, "name"))];
}
