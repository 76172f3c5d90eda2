using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class RepeatsApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployment-tasks";

    [Fact]
    public async Task A_failed_task_is_done_again_once_now_or_later()
    {
        var (_, failed) = await InstallAsync(DeploymentTaskStatus.Failed);

        using var response = await Api.PostAsync($"{Path}/{failed}/retry", content: null, Cancel);
        var made = await WebServer.JsonAsync(response, Cancel);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{Path}/{made["id"]}", response.Headers.Location?.ToString());
        UpstreamShape.AssertIs(UpstreamShape.DeploymentTask, made);
        Assert.Equal((failed.ToString(), "Pending"), (Text(made, "retry_of_task_id"), Text(made, "status")));
        var again = await PostAsync($"{Path}/{failed}/retry", new { }, HttpStatusCode.Created);
        Assert.Equal(Text(made, "id"), Text(again, "id")); // it has not ended yet

        await Queue.CancelAsync(Guid.Parse(Text(made, "id")), Alice, null, Cancel);
        var later = await PostAsync(
            $"{Path}/{failed}/retry", new { execute_at = "2099-01-01T00:00:00Z", message = "tonight" }, HttpStatusCode.Created);
        Assert.Equal(("2099-01-01T00:00:00Z", "tonight"), (Text(later, "execute_at"), Text(later, "message")));
        await PostAsync($"{Path}/{failed}/retry", new { execute_at = "soon" }, HttpStatusCode.UnprocessableEntity);
        await PostAsync($"{Path}/{failed}/retry", new { message = new string('x', 501) }, HttpStatusCode.UnprocessableEntity);
        await PostAsync($"{Path}/{Guid.NewGuid()}/retry", new { }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_rollback_puts_back_what_a_task_has_installed()
    {
        var (deployment, first) = await InstallAsync(DeploymentTaskStatus.Done);
        var one = $"/api/v2/deployments/{deployment}";
        var changed = await PutAsync(one, new { config = new { title = "new" } }, HttpStatusCode.OK);
        await EndAsync(DeploymentTaskStatus.Done);

        await PostAsync($"{Path}/{first}/rollback", new { version = 0 }, HttpStatusCode.Conflict);
        var made = await PostAsync(
            $"{Path}/{first}/rollback", new { version = changed["version"]!.GetValue<int>() }, HttpStatusCode.Created);

        Assert.Equal(first.ToString(), Text(made, "rollback_of_task_id"));
        Assert.Equal("""{"title":["new","old"]}""", made["operation"]!["Upgrade"]!["config_delta"]!.ToJsonString());
        Assert.Equal("old", Text((await GetAsync(one))["config"]!, "title"));
    }

    [Fact]
    public async Task What_cannot_be_repeated_says_why()
    {
        var (_, done) = await InstallAsync(DeploymentTaskStatus.Done);

        var problem = await PostAsync($"{Path}/{done}/retry", new { }, HttpStatusCode.Conflict);

        Assert.NotEmpty(Text(problem, "message"));
        Assert.Equal(1, (await GetAsync(Path))["num_total"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_repeat_needs_what_the_change_needed_and_strangers_see_no_task()
    {
        var (_, failed) = await InstallAsync(DeploymentTaskStatus.Failed);
        using var member = await ClientAsync(EnvRole.User);
        using var maintainer = await ClientAsync(KindRole.Maintainer);
        using var owner = await ClientAsync(KindRole.Owner);
        using var stranger = await Server.ApiClientAsync(await AddUserAsync("stranger"), Cancel);

        await AnswerAsync(stranger.PostAsync($"{Path}/{failed}/retry", null, Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(member.PostAsync($"{Path}/{failed}/retry", null, Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(maintainer.PostAsync($"{Path}/{failed}/retry", null, Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(owner.PostAsync($"{Path}/{failed}/retry", null, Cancel), HttpStatusCode.Created);
    }

    /// <returns>A deployment and its Install, which has ended so.</returns>
    private async Task<(string Deployment, Guid Task)> InstallAsync(DeploymentTaskStatus status)
    {
        var made = await PostAsync("/api/v2/deployments", new JsonObject
        {
            ["name"] = "shop",
            ["kind_id"] = Kind.Id.ToString(),
            ["cluster_id"] = Cluster.Id.ToString(),
            ["helm_chart_id"] = Chart.Id.ToString(),
            ["config"] = new JsonObject { ["title"] = "old" },
        }, HttpStatusCode.Created);
        return (Text(made, "id"), await EndAsync(status));
    }

    private async Task<Guid> EndAsync(DeploymentTaskStatus status)
    {
        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync(
            [Done(task) with { Status = status, Revision = status is DeploymentTaskStatus.Done ? RevisionChange.Record : RevisionChange.Keep }]);
        return task.Id;
    }
}
