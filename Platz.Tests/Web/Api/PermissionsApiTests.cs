using System.Net;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>Roles in an env and for a kind, of users as the existing product has them, and of bots beside them.</summary>
public sealed class PermissionsApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string EnvUsers = "/api/v2/env-user-permissions";
    private const string EnvBots = "/api/v2/env-bot-permissions";
    private const string KindUsers = "/api/v2/deployment-permissions";
    private const string KindBots = "/api/v2/deployment-bot-permissions";

    [Fact]
    public async Task Roles_are_given_listed_changed_and_taken_in_the_shape_of_the_existing_product()
    {
        var bob = await AddUserAsync("bob");

        var made = await PostAsync(EnvUsers, new { env_id = Env.Id, user_id = bob.Id, role = "User" }, HttpStatusCode.Created);
        UpstreamShape.AssertIs("id uuid, created_at time, env_id uuid, user_id uuid, role string", made);
        var same = await PostAsync(EnvUsers, new { env_id = Env.Id, user_id = bob.Id, role = "User" }, HttpStatusCode.Conflict);
        Assert.Equal("bob has this role already.", Text(same, "message"));
        var kind = await PostAsync(
            KindUsers, new { env_id = Env.Id, kind_id = Kind.Id, user_id = bob.Id, role = "Owner" }, HttpStatusCode.Created);
        UpstreamShape.AssertIs("id uuid, created_at time, env_id uuid, user_id uuid, kind_id uuid, role string", kind);

        Assert.Equal(Text(made, "id"), Text(Assert.Single((await GetAsync($"{EnvUsers}?env_id={Env.Id}"))["items"]!.AsArray())!, "id"));
        Assert.Equal("Owner", Text(await GetAsync($"{KindUsers}/{Text(kind, "id")}"), "role"));
        Assert.Empty((await GetAsync($"{KindUsers}?env_id={Guid.NewGuid()}"))["items"]!.AsArray());
        await DeleteAsync(Api, $"{EnvUsers}/{Text(made, "id")}", HttpStatusCode.NoContent);
        await DeleteAsync(Api, $"{KindUsers}/{Text(kind, "id")}", HttpStatusCode.NoContent);
        await DeleteAsync(Api, $"{KindUsers}/{Text(kind, "id")}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Roles_of_bots_have_collections_of_their_own()
    {
        var bot = new Bot { DisplayName = "ci" };
        await using (var db = await DbAsync())
        {
            db.Add(bot);
            await db.SaveChangesAsync(Cancel);
        }

        var made = await PostAsync(EnvBots, new { env_id = Env.Id, bot_id = bot.Id, role = "User" }, HttpStatusCode.Created);
        var kind = await PostAsync(
            KindBots, new { env_id = Env.Id, kind_id = Kind.Id, bot_id = bot.Id, role = "Maintainer" }, HttpStatusCode.Created);

        Assert.Equal($"{bot.Id}", Text(made, "bot_id"));
        Assert.Empty((await GetAsync(EnvUsers))["items"]!.AsArray());
        Assert.Empty((await GetAsync(KindUsers))["items"]!.AsArray());
        await AnswerAsync(Api.GetAsync($"{EnvUsers}/{Text(made, "id")}", Cancel), HttpStatusCode.NotFound);
        await DeleteAsync(Api, $"{KindUsers}/{Text(kind, "id")}", HttpStatusCode.NotFound);
        Assert.Single((await GetAsync(KindBots))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_cannot_be_accepted_is_named()
    {
        var refused = await PostAsync(EnvUsers, new { env_id = 1, role = "user" }, HttpStatusCode.UnprocessableEntity);

        Assert.Equal(["env_id", "role", "user_id"], refused["errors"]!.AsObject().Select(e => e.Key).Order());
        Assert.Contains("User, Admin", Text(refused, "message"), StringComparison.Ordinal);
    }

    private static async Task DeleteAsync(HttpClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.DeleteAsync(path, Cancel);
        Assert.Equal(expected, response.StatusCode);
    }
}
