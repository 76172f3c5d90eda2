using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>Tokens of bots and users, made and revoked by API: told once, refused at once.</summary>
public sealed class TokensApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string BotTokens = "/api/v2/bot-tokens";
    private const string UserTokens = "/api/v2/user-tokens";

    [Fact]
    public async Task A_token_of_a_bot_is_told_once_works_and_is_refused_once_it_is_revoked()
    {
        var bot = Text(await PostAsync("/api/v2/bots", new { display_name = "ci" }, HttpStatusCode.Created), "id");

        using var made = await Api.PostAsync(BotTokens, Body($$"""{"bot_id":"{{bot}}"}"""), Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        var told = JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!;
        var text = Text(told, "created_token");
        using var ci = Client(text);
        Assert.Equal("ci", Text((await AnswerAsync(ci.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.OK))["Bot"]!, "display_name"));

        var one = await GetAsync(made.Headers.Location!.ToString());
        UpstreamShape.AssertIs("id uuid, bot_id uuid, created_at time, created_by_user_id uuid", one);
        Assert.Equal($"{Alice.Id}", Text(one, "created_by_user_id"));
        var list = await GetAsync($"{BotTokens}?bot_id={bot}&created_by_user_id={Alice.Id}");
        Assert.Single(list["items"]!.AsArray());
        Assert.DoesNotContain(text, one.ToJsonString() + list.ToJsonString(), StringComparison.Ordinal);
        await using (var db = await DbAsync())
        {
            Assert.Equal($"{text[..11]}…{text[^4..]}", (await db.ApiTokens.SingleAsync(t => t.BotId != null, Cancel)).Shown);
            Assert.DoesNotContain(text, string.Concat((await db.AuditEvents.ToListAsync(Cancel)).Select(e => $"{e.Detail}")), StringComparison.Ordinal);
        }

        await AnswerAsync(Api.DeleteAsync($"{UserTokens}/{Text(told, "id")}", Cancel), HttpStatusCode.NotFound);
        await DeleteAsync(Api, $"{BotTokens}/{Text(told, "id")}", HttpStatusCode.NoContent);
        await AnswerAsync(ci.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.Unauthorized);
        await AnswerAsync(Api.DeleteAsync($"{BotTokens}/{Text(told, "id")}", Cancel), HttpStatusCode.NotFound);
        Assert.Empty((await GetAsync(BotTokens))["items"]!.AsArray());
    }

    [Fact]
    public async Task Everybody_makes_sees_and_revokes_their_own_and_site_admins_all()
    {
        using var bob = await ClientAsync(EnvRole.User);
        var self = Text((await AnswerAsync(bob.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.OK))["User"]!, "id");

        var made = await AnswerAsync(bob.PostAsync(UserTokens, Body("{}"), Cancel), HttpStatusCode.Created);
        var list = await AnswerAsync(bob.GetAsync(UserTokens, Cancel), HttpStatusCode.OK);
        Assert.All(list["items"]!.AsArray(), token => Assert.Equal(self, Text(token!, "user_id")));
        UpstreamShape.AssertIs("id uuid, user_id uuid, created_at time", list["items"]![0]!);
        await AnswerAsync(bob.GetAsync($"{UserTokens}?user_id={self}", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(bob.PostAsync(UserTokens, Body($$"""{"user_id":"{{Alice.Id}}"}"""), Cancel), HttpStatusCode.Forbidden);
        var alices = (await GetAsync($"{UserTokens}?user_id={Alice.Id}"))["items"]![0]!;
        await AnswerAsync(bob.GetAsync($"{UserTokens}/{Text(alices, "id")}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(bob.DeleteAsync($"{UserTokens}/{Text(alices, "id")}", Cancel), HttpStatusCode.NotFound);

        await AnswerAsync(bob.DeleteAsync($"{BotTokens}/{Text(made, "id")}", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(bob.GetAsync($"{UserTokens}/{Text(made, "id")}", Cancel), HttpStatusCode.OK);
        await PostAsync(UserTokens, new { user_id = self }, HttpStatusCode.Created);
        await DeleteAsync(bob, $"{UserTokens}/{Text(made, "id")}", HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_scope_is_obeyed_and_what_is_wrong_in_it_is_named()
    {
        var wanted = new { name = "read", expires_in_days = 30, scope = new { env_ids = new[] { Env.Id }, role = "User" }, cidrs = new[] { "127.0.0.0/8" } };
        var made = await PostAsync(UserTokens, wanted, HttpStatusCode.Created);
        using var scoped = Client(Text(made, "created_token"));

        var facts = (await GetAsync($"{UserTokens}/{Text(made, "id")}"))["token"]!;
        Assert.Equal(("read", "User"), (Text(facts, "name"), Text(facts, "role")));
        await AnswerAsync(scoped.GetAsync("/api/v2/envs", Cancel), HttpStatusCode.OK);
        await AnswerAsync(scoped.PostAsync("/api/v2/bots", Body("""{"display_name":"x"}"""), Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(scoped.PostAsync(UserTokens, Body("{}"), Cancel), HttpStatusCode.Forbidden);

        foreach (var (body, field) in new[]
        {
            ("""{"expires_in_days":400}""", "expires_in_days"), ("""{"name":""}""", "name"), ("""{"cidrs":["here"]}""", "cidrs"),
            ("""{"cidrs":[1]}""", "cidrs"), ("""{"scope":{"env_ids":"x"}}""", "scope"), ("""{"scope":{"env_ids":["x"]}}""", "scope"),
            ("""{"scope":{"role":"Boss"}}""", "scope"), ("""{"scope":{"env_ids":[]}}""", "scope"),
            ("""{"scope":{}}""", "scope"), ("""{"scope":{"role":null}}""", "scope"), ("""{"scope":{"envs":["x"]}}""", "scope"),
            ($$$"""{"scope":{"role":"User","env_id":"{{{Env.Id}}}"}}""", "scope"),
            ("""{"scope":{"env_ids":["0190f8a2-7c1e-7000-8000-000000000000"]}}""", "scope"),
        })
        {
            var refused = await AnswerAsync(Api.PostAsync(UserTokens, Body(body), Cancel), HttpStatusCode.UnprocessableEntity);
            Assert.Equal((body, field), (body, Assert.Single(refused["errors"]!.AsObject()).Key));
        }
    }

    [Fact]
    public async Task A_token_makes_none_that_lives_longer_or_comes_from_elsewhere()
    {
        var parent = Body("""{"expires_in_days":7,"cidrs":["127.0.0.0/8","::1/128"]}""");
        using var limited = Client(Text(
            await AnswerAsync(Api.PostAsync(UserTokens, parent, Cancel), HttpStatusCode.Created), "created_token"));

        var made = await AnswerAsync(
            limited.PostAsync(UserTokens, Body("""{"name":"child","expires_in_days":366}"""), Cancel), HttpStatusCode.Created);
        var refused = await AnswerAsync(
            limited.PostAsync(UserTokens, Body("""{"cidrs":["0.0.0.0/0"]}"""), Cancel), HttpStatusCode.UnprocessableEntity);
        await AnswerAsync(
            limited.PostAsync(UserTokens, Body("""{"cidrs":["127.0.0.1/32"]}"""), Cancel), HttpStatusCode.Created);

        Assert.Contains("cidrs", Text(refused, "message"), StringComparison.Ordinal);
        await using var db = await DbAsync();
        var id = Guid.Parse(Text(made, "id"));
        var child = await db.ApiTokens.SingleAsync(t => t.Id == id, Cancel);
        Assert.Equal(["127.0.0.0/8", "::1/128"], child.Cidrs);
        Assert.True(child.ExpiresAt < TimeProvider.System.GetUtcNow().AddDays(8));
    }

    private HttpClient Client(string token)
    {
        var client = Server.Client();
        client.DefaultRequestHeaders.Add("x-platz-token", token);
        return client;
    }

    private static async Task DeleteAsync(HttpClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.DeleteAsync(path, Cancel);
        Assert.Equal(expected, response.StatusCode);
    }
}
