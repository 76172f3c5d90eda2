using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>What roles come to through the API: the table itself is tested beside it.</summary>
public sealed class RolesApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployments";

    [Fact]
    public async Task The_override_is_an_owners_to_read_and_its_mask_sent_back_keeps_it()
    {
        var deployment = await AddDeploymentAsync();
        var one = $"{Path}/{deployment.Id}";
        await PutAsync(one, new { values_override = new { password = "hush" } }, HttpStatusCode.OK);
        using var maintainer = await ClientAsync(KindRole.Maintainer);
        using var owner = await ClientAsync(KindRole.Owner);

        var seen = await AnswerAsync(maintainer.GetAsync(one, Cancel), HttpStatusCode.OK);
        Assert.Equal("""{"$hidden":true}""", seen["values_override"]!.ToJsonString());
        await AnswerAsync(maintainer.PutAsync(one, Body(seen), Cancel), HttpStatusCode.OK);
        var tasks = await AnswerAsync(maintainer.GetAsync("/api/v2/deployment-tasks", Cancel), HttpStatusCode.OK);
        Assert.DoesNotContain("hush", tasks.ToJsonString(), StringComparison.Ordinal);

        var kept = await AnswerAsync(owner.GetAsync(one, Cancel), HttpStatusCode.OK);
        Assert.Equal("""{"password":"hush"}""", kept["values_override"]!.ToJsonString());
        var all = await AnswerAsync(owner.GetAsync("/api/v2/deployment-tasks", Cancel), HttpStatusCode.OK);
        Assert.Contains("hush", all.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_canceled_by_whoever_asked_and_by_maintainers_not_by_members()
    {
        var deployment = await AddDeploymentAsync();
        var (first, second) = (await EnqueueAsync(deployment), await EnqueueAsync(deployment));
        using var member = await ClientAsync(EnvRole.User);
        using var maintainer = await ClientAsync(KindRole.Maintainer);

        await AnswerAsync(member.DeleteAsync($"/api/v2/deployment-tasks/{first}", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(maintainer.DeleteAsync($"/api/v2/deployment-tasks/{first}", Cancel), HttpStatusCode.OK);
        await AnswerAsync(maintainer.DeleteAsync($"/api/v2/deployment-tasks/{first}", Cancel), HttpStatusCode.Conflict);

        var bob = await AddUserAsync("carl");
        await GrantAsync(bob, EnvRole.User);
        var own = await EnqueueAsync(TaskFor(deployment) with { Actor = new Actor.User(bob.Id, "carl") });
        using var carl = await Server.ApiClientAsync(bob, Cancel);
        await AnswerAsync(carl.DeleteAsync($"/api/v2/deployment-tasks/{own}", Cancel), HttpStatusCode.OK);
        await AnswerAsync(carl.DeleteAsync($"/api/v2/deployment-tasks/{second}", Cancel), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Secrets_are_an_env_admins_to_change_and_nobodys_to_read()
    {
        using var owner = await ClientAsync(KindRole.Owner);
        using var admin = await ClientAsync(EnvRole.Admin);
        var wanted = new JsonObject
        {
            ["env_id"] = Env.Id.ToString(),
            ["collection"] = "db",
            ["name"] = "password",
            ["contents"] = "open sesame",
        };

        await AnswerAsync(owner.PostAsync("/api/v2/secrets", Body(wanted), Cancel), HttpStatusCode.Forbidden);
        var made = await AnswerAsync(admin.PostAsync("/api/v2/secrets", Body(wanted), Cancel), HttpStatusCode.Created);
        await AnswerAsync(admin.PostAsync("/api/v2/secrets", Body(wanted), Cancel), HttpStatusCode.Conflict);
        var list = await AnswerAsync(owner.GetAsync($"/api/v2/secrets?collection=DB&env_id={Env.Id}", Cancel), HttpStatusCode.OK);
        Assert.Equal(Text(made, "id"), Text(list["items"]![0]!, "id"));
        Assert.DoesNotContain("sesame", made.ToJsonString() + list.ToJsonString(), StringComparison.Ordinal);

        var one = $"/api/v2/secrets/{Text(made, "id")}";
        await AnswerAsync(admin.PutAsync(one, Body("""{"contents":""}"""), Cancel), HttpStatusCode.UnprocessableEntity);
        await AnswerAsync(admin.PutAsync(one, Body("""{"name":"pass"}"""), Cancel), HttpStatusCode.OK);
        using var gone = await admin.DeleteAsync(one, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AnswerAsync(admin.GetAsync(one, Cancel), HttpStatusCode.NotFound);
    }
}
