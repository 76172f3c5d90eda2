using System.Net;
using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class ValuesApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployments";

    [Fact]
    public async Task The_values_of_a_deployment_are_shown_and_what_a_change_would_make_of_them()
    {
        var one = $"{Path}/{(await AddDeploymentAsync()).Id}";
        await PutAsync(one, new { config = new { a = 1 }, values_override = new { size = 3 } }, HttpStatusCode.OK);
        var tasks = (await GetAsync("/api/v2/deployment-tasks"))["num_total"]!.GetValue<int>();

        var now = await GetAsync($"{one}/values");
        var then = await PostAsync(
            $"{one}/values-preview", new { config = new { a = 2 }, values_override = new { size = 4 } }, HttpStatusCode.OK);

        Assert.Equal((3, 4), (Number(now, "size"), Number(then, "size")));
        Assert.Equal((1, 2), (ConfigOf(now), ConfigOf(then)));
        Assert.Equal("shop", Text(now["values"]!["platz"]!, "deployment_name"));
        Assert.Contains("size: 3", Text(now, "yaml"), StringComparison.Ordinal);
        Assert.False(now["override_is_hidden"]!.GetValue<bool>());
        Assert.Equal(tasks, (await GetAsync("/api/v2/deployment-tasks"))["num_total"]!.GetValue<int>());
        Assert.Equal(1, (await GetAsync(one))["config"]!["a"]!.GetValue<int>()); // nothing was saved
    }

    [Fact]
    public async Task A_deployment_that_does_not_exist_yet_can_be_looked_at()
    {
        var wanted = new JsonObject
        {
            ["name"] = "new",
            ["kind_id"] = Kind.Id.ToString(),
            ["cluster_id"] = Cluster.Id.ToString(),
            ["helm_chart_id"] = Chart.Id.ToString(),
            ["values_override"] = new JsonObject { ["size"] = 5 },
        };

        Assert.Equal(5, Number(await PostAsync($"{Path}/values-preview", wanted, HttpStatusCode.OK), "size"));
        await PostAsync($"{Path}/values-preview", new { }, HttpStatusCode.UnprocessableEntity);
        wanted["helm_chart_id"] = Guid.NewGuid().ToString();
        await PostAsync($"{Path}/values-preview", wanted, HttpStatusCode.UnprocessableEntity);
        wanted["kind_id"] = Guid.NewGuid().ToString();
        await PostAsync($"{Path}/values-preview", wanted, HttpStatusCode.UnprocessableEntity);
        Assert.Empty((await GetAsync(Path))["items"]!.AsArray());
    }

    [Fact]
    public async Task The_stored_override_is_in_it_for_owners_alone_and_strangers_see_nothing()
    {
        var one = $"{Path}/{(await AddDeploymentAsync()).Id}";
        await PutAsync(one, new { values_override = new { password = "hush" } }, HttpStatusCode.OK);
        using var maintainer = await ClientAsync(KindRole.Maintainer);
        using var owner = await ClientAsync(KindRole.Owner);
        using var stranger = await Server.ApiClientAsync(await AddUserAsync("stranger"), Cancel);

        var seen = await AnswerAsync(maintainer.GetAsync($"{one}/values", Cancel), HttpStatusCode.OK);
        Assert.DoesNotContain("hush", seen.ToJsonString(), StringComparison.Ordinal);
        Assert.True(seen["override_is_hidden"]!.GetValue<bool>());
        var asked = await AnswerAsync(
            maintainer.PostAsync($"{one}/values-preview", Body("""{"values_override":{"$hidden":true}}"""), Cancel),
            HttpStatusCode.OK);
        Assert.DoesNotContain("hush", asked.ToJsonString(), StringComparison.Ordinal);
        var whole = await AnswerAsync(owner.GetAsync($"{one}/values", Cancel), HttpStatusCode.OK);
        Assert.Equal("hush", Text(whole["values"]!, "password"));

        await AnswerAsync(stranger.GetAsync($"{one}/values", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(stranger.PostAsync($"{one}/values-preview", Body("{}"), Cancel), HttpStatusCode.NotFound);
        var wanted = $$"""{"kind_id":"{{Kind.Id}}","cluster_id":"{{Cluster.Id}}","helm_chart_id":"{{Chart.Id}}"}""";
        var refused = await AnswerAsync(
            stranger.PostAsync($"{Path}/values-preview", Body(wanted), Cancel), HttpStatusCode.UnprocessableEntity);
        Assert.NotNull(refused["errors"]!["cluster_id"]);
    }

    private static int Number(JsonNode answer, string key) => answer["values"]![key]!.GetValue<int>();

    /// <summary>Of a chart without a form.</summary>
    private static int ConfigOf(JsonNode answer) => answer["values"]!["config"]!["a"]!.GetValue<int>();
}
