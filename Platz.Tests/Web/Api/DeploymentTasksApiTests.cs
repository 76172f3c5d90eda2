using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class DeploymentTasksApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployment-tasks";

    [Fact]
    public async Task A_task_has_the_upstream_fields_and_ours()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        var task = await GetAsync($"{Path}/{id}");

        UpstreamShape.AssertIs(UpstreamShape.DeploymentTask, task);
        Assert.Equal(Chart.Id.ToString(), Text(task["operation"]!["Install"]!, "helm_chart_id"));
        Assert.Equal(
            ("Alice", "1.0.0", "web-shop", Env.Id.ToString()),
            (Text(task, "actor_name"), Text(task, "chart_version"), Text(task, "namespace"), Text(task, "env_id")));
        Assert.True(task.AsObject().ContainsKey("acting_bot_id"));
        await AnswerAsync(Api.GetAsync($"{Path}/{Guid.NewGuid()}", Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_pending_task_is_canceled_once()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        var canceled = await CancelAsync(id, """{"reason":"not today"}""", HttpStatusCode.OK);

        Assert.Equal("Canceled", Text(canceled, "status"));
        Assert.Equal("not today", Text(canceled, "cancel_reason"));
        Assert.Equal(Alice.Id.ToString(), Text(canceled, "canceled_by_user_id"));
        var problem = await CancelAsync(id, null, HttpStatusCode.Conflict);
        Assert.Contains("finished", Text(problem, "message"));
    }

    [Fact]
    public async Task A_started_task_is_asked_to_stop_once()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));

        var asked = await CancelAsync(id, null, HttpStatusCode.OK);
        Assert.Equal("Started", Text(asked, "status"));
        Assert.NotNull(asked["cancel_requested_at"]);
        await CancelAsync(id, "{}", HttpStatusCode.Conflict);

        await Queue.FinishAsync([Done(claimed)]);
        await CancelAsync(id, null, HttpStatusCode.Conflict);
        await CancelAsync(Guid.NewGuid(), null, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"reason\":1}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"reason\":\"\\u0000\"}", HttpStatusCode.UnprocessableEntity)]
    public async Task A_cancel_with_a_bad_body_cancels_nothing(string body, HttpStatusCode expected)
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());

        await CancelAsync(id, body, expected);

        Assert.Equal("Pending", Text(await GetAsync($"{Path}/{id}"), "status"));
    }

    [Fact]
    public async Task Lists_filter_by_every_parameter()
    {
        var shop = await AddDeploymentAsync("shop");
        var office = await AddDeploymentAsync("office");
        var first = await EnqueueAsync(shop);
        var inTheFuture = DateTimeOffset.Parse("2099-01-01T00:00:00Z");
        var future = await EnqueueAsync(TaskFor(office) with { ExecuteAt = inTheFuture });
        var canceled = await EnqueueAsync(office);
        await CancelAsync(canceled, null, HttpStatusCode.OK);
        var created = Text(await GetAsync($"{Path}/{future}"), "created_at");

        Assert.Equal([canceled, future, first], await IdsAsync(""));
        Assert.Equal([first], await IdsAsync($"deployment_id={shop.Id}"));
        Assert.Equal([canceled, future, first], await IdsAsync($"cluster_id={Cluster.Id}&env_id={Env.Id}"));
        Assert.Empty(await IdsAsync($"cluster_id={Guid.NewGuid()}"));
        Assert.Empty(await IdsAsync($"env_id={Guid.NewGuid()}"));
        Assert.Equal([future, first], await IdsAsync("active_only=true"));
        Assert.Equal([canceled, first], await IdsAsync("show_future=false"));
        Assert.Equal([canceled], await IdsAsync("status=Canceled"));
        Assert.Equal([canceled, future], await IdsAsync($"created_from={created}"));
        Assert.Equal([canceled, future], await IdsAsync($"created_from={created[..^1]}+00:00"));
    }

    [Fact]
    public async Task Pages_are_stable_and_the_total_is_true_past_the_end()
    {
        var deployment = await AddDeploymentAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await EnqueueAsync(deployment));
        }

        Assert.Equal(ids[2..4], await IdsAsync("page=2&per_page=2"));
        Assert.Equal(ids[2..4], await IdsAsync("page=2&page_size=2"));
        var past = await GetAsync($"{Path}?page=9&per_page=2");
        Assert.Equal(
            """{"page":9,"per_page":2,"num_total":5,"items":[]}""", past.ToJsonString());
        Assert.Equal(50, (await GetAsync(Path))["per_page"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("page", "0")]
    [InlineData("page", "-1")]
    [InlineData("page", "99999999999")]
    [InlineData("per_page", "0")]
    [InlineData("per_page", "many")]
    [InlineData("page_size", "x")]
    [InlineData("deployment_id", "shop")]
    [InlineData("cluster_id", "(select 1)")]
    [InlineData("active_only", "maybe")]
    [InlineData("status", "4")]
    [InlineData("status", "Lost")]
    [InlineData("created_from", "yesterday")]
    public async Task A_bad_parameter_is_named(string name, string value)
    {
        var problem = await AnswerAsync(
            Api.GetAsync($"{Path}?{name}={Uri.EscapeDataString(value)}", Cancel), HttpStatusCode.BadRequest);

        Assert.NotNull(problem["errors"]![name]);
    }

    [Fact]
    public async Task The_log_is_a_text_file_that_says_what_was_not_kept()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        var writer = await Services.GetRequiredService<TaskLog>().OpenAsync(
            id, claimed.Fence, new TaskLogLimits(Head: 10, Tail: 20), new Redactor([]), Cancel);
        for (var i = 0; i < 10; i++)
        {
            writer.AddOutput($"line {i}", DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        }

        await writer.CompleteAsync(Cancel);

        using var response = await Api.GetAsync($"{Path}/{id}/log", Cancel);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.StartsWith("line 0\nline 1\n[", text);
        Assert.EndsWith("were not kept]\nline 7\nline 8\nline 9\n", text); // of which the tail begins within the first
        await AnswerAsync(Api.GetAsync($"{Path}/{Guid.NewGuid()}/log", Cancel), HttpStatusCode.NotFound);
    }

    private async Task<JsonNode> CancelAsync(Guid id, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}");
        request.Content = body is null ? null : Body(body);
        return await AnswerAsync(Api.SendAsync(request, Cancel), expected);
    }

    private async Task<List<Guid>> IdsAsync(string query) =>
        [.. (await GetAsync($"{Path}?{query}"))["items"]!.AsArray().Select(t => t!["id"]!.GetValue<Guid>())];
}
