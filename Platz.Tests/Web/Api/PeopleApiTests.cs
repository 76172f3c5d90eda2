using System.Net;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>Users and bots: who sees whom, and who may change what of them.</summary>
public sealed class PeopleApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Bots = "/api/v2/bots";
    private const string Users = "/api/v2/users";

    [Fact]
    public async Task A_bot_is_made_found_renamed_and_deleted()
    {
        var made = await PostAsync(Bots, new { display_name = "ci" }, HttpStatusCode.Created);
        UpstreamShape.AssertIs("id uuid, created_at time, display_name string", made);
        var one = $"{Bots}/{Text(made, "id")}";

        Assert.Single((await GetAsync($"{Bots}?display_name=C"))["items"]!.AsArray());
        Assert.Empty((await GetAsync($"{Bots}?display_name=other"))["items"]!.AsArray());
        Assert.Equal("deploy-bot", Text(await PutAsync(one, new { display_name = "deploy-bot" }, HttpStatusCode.OK), "display_name"));
        Assert.Equal("deploy-bot", Text(await PutAsync(one, new { }, HttpStatusCode.OK), "display_name"));
        await PostAsync(Bots, new { display_name = "" }, HttpStatusCode.UnprocessableEntity);
        using var gone = await Api.DeleteAsync(one, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AnswerAsync(Api.GetAsync(one, Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_user_is_made_admin_and_deactivated_by_another_site_admin()
    {
        var bob = await AddUserAsync("bob");
        using var bobs = await Server.ApiClientAsync(bob, Cancel);

        var changed = await PutAsync($"{Users}/{bob.Id}", new { is_admin = true }, HttpStatusCode.OK);
        UpstreamShape.AssertIs(UpstreamShape.User, changed);
        Assert.True(changed["is_admin"]!.GetValue<bool>());
        var own = await PutAsync($"{Users}/{Alice.Id}", new { is_admin = false }, HttpStatusCode.Forbidden);
        Assert.Contains("another site admin", Text(own, "message"), StringComparison.Ordinal);

        await PutAsync($"{Users}/{bob.Id}", new { is_active = false, is_admin = (bool?)null }, HttpStatusCode.OK);
        Assert.Equal("bob", Text(Assert.Single((await GetAsync($"{Users}?is_active=false"))["items"]!.AsArray())!, "display_name"));
        await AnswerAsync(bobs.GetAsync($"{Users}/{bob.Id}", Cancel), HttpStatusCode.Unauthorized);
        await PutAsync($"{Users}/{Guid.NewGuid()}", new { is_active = false }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task One_sees_oneself_and_those_one_shares_an_env_with()
    {
        using var member = await ClientAsync(EnvRole.User);
        await AddUserAsync("elsewhere");
        var alone = await AddUserAsync("alone");
        using var stranger = await Server.ApiClientAsync(alone, Cancel);

        Assert.Equal(["Alice", "env-User"], await NamesAsync(member, Users)); // a site admin is in every env
        Assert.Equal(["alone"], await NamesAsync(stranger, Users));
        Assert.Equal(4, (await NamesAsync(Api, Users)).Count());
        Assert.Equal(["env-User"], await NamesAsync(member, $"{Users}?email=ENV-"));
        Assert.Empty(await NamesAsync(member, $"{Users}?email=elsewhere"));
        await AnswerAsync(member.GetAsync($"{Users}/{alone.Id}", Cancel), HttpStatusCode.NotFound);
    }

    private static async Task<IEnumerable<string>> NamesAsync(HttpClient client, string path) =>
        (await AnswerAsync(client.GetAsync(path, Cancel), HttpStatusCode.OK))["items"]!.AsArray()
            .Select(item => Text(item!, "display_name")).Order(StringComparer.Ordinal);
}
