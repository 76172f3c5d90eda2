using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>What lists of tasks have beyond those of the existing product.</summary>
public sealed class TaskListApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployment-tasks";

    [Fact]
    public async Task Tasks_are_found_by_several_states_by_operation_by_actor_and_by_kind()
    {
        var deployment = await AddDeploymentAsync();
        var bot = await AddBotAsync();
        var install = await EnqueueAsync(deployment);
        var byBot = await EnqueueAsync(
            TaskFor(deployment, new Upgrade(Chart.Id, Chart.Id, [], null, null)) with { Actor = new Actor.Bot(bot, "ci") });
        var canceled = await EnqueueAsync(TaskFor(deployment, new Uninstall()));
        await Queue.CancelAsync(canceled, Alice, null, Cancel);

        Assert.Equal([canceled, byBot, install], await IdsAsync("status=Pending&status=Canceled"));
        Assert.Equal([byBot, install], await IdsAsync("status=Pending"));
        Assert.Equal([canceled, byBot], await IdsAsync("operation=Uninstall&operation=Upgrade"));
        Assert.Equal([byBot], await IdsAsync($"actor=bot:{bot}"));
        Assert.Equal([byBot], await IdsAsync($"acting_bot_id={bot}"));
        Assert.Equal([canceled, install], await IdsAsync($"acting_user_id={Alice.Id}"));
        Assert.Equal([canceled, byBot, install], await IdsAsync($"actor=bot:{bot}&actor=user:{Alice.Id}"));
        Assert.Empty(await IdsAsync($"acting_deployment_id={deployment.Id}"));
        Assert.Equal([canceled, byBot, install], await IdsAsync($"kind_id={Kind.Id}"));
        Assert.Empty(await IdsAsync($"kind_id={Guid.NewGuid()}"));
        var time = Text(await GetAsync($"{Path}/{byBot}"), "created_at");
        Assert.Equal([install], await IdsAsync($"created_to={time}"));
    }

    [Theory]
    [InlineData("operation", "Explode")]
    [InlineData("actor", "ci")]
    [InlineData("kind_id", "Web")]
    [InlineData("created_to", "soon")]
    [InlineData("cursor", "AAAA")]
    public async Task A_bad_parameter_is_named(string name, string value)
    {
        var problem = await AnswerAsync(Api.GetAsync($"{Path}?{name}={value}", Cancel), HttpStatusCode.BadRequest);

        Assert.NotNull(problem["errors"]![name]);
    }

    [Fact]
    public async Task A_walk_by_cursor_gives_every_task_once_while_others_are_added()
    {
        var deployment = await AddDeploymentAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            ids.Insert(0, await EnqueueAsync(deployment));
        }

        var found = new List<Guid>();
        var cursor = "";
        while (cursor is not null)
        {
            var part = await GetAsync($"{Path}?per_page=3&cursor={cursor}");
            Assert.False(part.AsObject().ContainsKey("num_total"));
            found.AddRange(Ids(part));
            cursor = part["next_cursor"]?.GetValue<string>();
            await EnqueueAsync(deployment);
        }

        Assert.Equal(ids, found);
        await AnswerAsync(Api.GetAsync($"{Path}?cursor=&page=1", Cancel), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_cursor_does_not_lead_where_one_may_not_look()
    {
        await EnqueueAsync(await AddDeploymentAsync());
        var seen = await EnqueueAsync(await AddDeploymentAsync("office"));
        var first = await GetAsync($"{Path}?cursor=&per_page=1");
        Assert.Equal([seen], Ids(first));
        using var stranger = await Server.ApiClientAsync(await AddUserAsync("stranger"), Cancel);

        var theirs = await AnswerAsync(stranger.GetAsync($"{Path}?cursor={first["next_cursor"]}", Cancel), HttpStatusCode.OK);

        Assert.Empty(Ids(theirs));
        Assert.Null(theirs["next_cursor"]);
    }

    [Fact]
    public async Task The_link_header_leads_through_the_pages_and_keeps_the_filter()
    {
        var deployment = await AddDeploymentAsync();
        for (var i = 0; i < 3; i++)
        {
            await EnqueueAsync(deployment);
        }

        foreach (var start in new[] { "page=1&", "cursor=&" })
        {
            var found = new List<Guid>();
            var next = $"{Path}?{start}per_page=2&status=Pending&status=Started";
            while (next is not null)
            {
                using var response = await Api.GetAsync(next, Cancel);
                found.AddRange(Ids(await WebServer.JsonAsync(response, Cancel)));
                var link = response.Headers.TryGetValues("Link", out var values) ? Assert.Single(values) : null;
                Assert.True(link?.EndsWith(">; rel=\"next\"", StringComparison.Ordinal) is not false);
                next = link?[1..link.IndexOf('>')];
                Assert.True(next?.Contains("status=Pending&status=Started", StringComparison.Ordinal) is not false);
            }

            Assert.Equal(3, found.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("per_page=1000", 500)]
    [InlineData("per_page=9000000000", 500)]
    [InlineData("page_size=501", 500)]
    [InlineData("per_page=500", 500)]
    public async Task Who_asks_for_too_large_a_page_gets_the_largest(string query, int perPage) =>
        Assert.Equal(perPage, (await GetAsync($"{Path}?{query}"))["per_page"]!.GetValue<int>());

    private async Task<Guid> AddBotAsync()
    {
        await using var db = await DbAsync();
        var bot = new Bot { DisplayName = "ci" };
        db.Add(bot);
        await db.SaveChangesAsync(Cancel);
        return bot.Id;
    }

    private async Task<List<Guid>> IdsAsync(string query) => Ids(await GetAsync($"{Path}?{query}"));

    private static List<Guid> Ids(JsonNode list) =>
        [.. list["items"]!.AsArray().Select(t => t!["id"]!.GetValue<Guid>())];
}
