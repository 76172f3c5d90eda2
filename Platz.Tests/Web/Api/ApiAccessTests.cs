using System.Net;
using System.Net.Http.Headers;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class ApiAccessTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployments";

    [Fact]
    public async Task A_token_is_taken_from_either_header()
    {
        var token = Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("x-platz-token", token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("Authorization", $"bearer {token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Authorization", $"Basic {token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Cookie", $"x-platz-token={token}"));
    }

    [Fact]
    public async Task Every_bad_token_gets_the_same_answer()
    {
        var token = Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();
        var known = await CreateTokenAsync();
        await ExecuteAsync($"UPDATE api_tokens SET revoked_at = now() WHERE name = '{known.Name}'");

        var answers = new HashSet<string>();
        foreach (var bad in new[]
        {
            "", "x", token[..^1] + "!", token + ".", TokenText.Create(TokenOwner.User),
            TokenText.Create(TokenOwner.Bot), known.Text, new string('a', 10_000), "Bearer",
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path);
            request.Headers.TryAddWithoutValidation("x-platz-token", bad);
            using var response = await Anonymous.SendAsync(request, Cancel);
            Assert.Equal("Bearer realm=\"platz\"", response.Headers.WwwAuthenticate.Single().ToString());
            answers.Add($"{response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}");
        }

        Assert.StartsWith(
            """Unauthorized {"type":"about:blank","title":"Unauthorized","status":401""", Assert.Single(answers));
    }

    [Fact]
    public async Task Me_has_one_key_that_names_the_kind_of_identity()
    {
        var me = await GetAsync("/api/v2/auth/me");

        Assert.Equal("User", Assert.Single(me.AsObject()).Key);
        UpstreamShape.AssertIs(UpstreamShape.User, me["User"]!);
        await AnswerAsync(Anonymous.GetAsync("/api/v2/auth/me", Cancel), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_thrown_at_the_api_is_answered_by_a_problem_document()
    {
        foreach (var (request, expected) in new (HttpRequestMessage, HttpStatusCode)[]
        {
            (new(HttpMethod.Get, "/api/v2/nothing"), HttpStatusCode.NotFound),
            (new(HttpMethod.Get, "/api"), HttpStatusCode.NotFound),
            (new(HttpMethod.Patch, Path), HttpStatusCode.MethodNotAllowed),
            (new(HttpMethod.Trace, Path), HttpStatusCode.MethodNotAllowed),
            (Post("{"), HttpStatusCode.BadRequest),
            (Post("[]"), HttpStatusCode.BadRequest),
            (Post("null"), HttpStatusCode.BadRequest),
            (Post("\"text\""), HttpStatusCode.BadRequest),
            (Post("{\"name\":1,\"name\":2}"), HttpStatusCode.BadRequest),
            (Post("{\"\\ud800\":1}"), HttpStatusCode.BadRequest),
            (Post("{\"config\":{\"\\udc00\":1}}"), HttpStatusCode.BadRequest),
            (Post([.. "{\""u8, 0xff, .. "\":1}"u8]), HttpStatusCode.BadRequest),
            (Post(new string('[', 100_000)), HttpStatusCode.BadRequest),
            (Post($"{{\"config\":{string.Concat(Enumerable.Repeat("{\"a\":", 70))}1{new string('}', 71)}"),
                HttpStatusCode.BadRequest),
            (Post(new string(' ', 2 * 1024 * 1024)), HttpStatusCode.RequestEntityTooLarge),
            (new(HttpMethod.Get, $"{Path}?name={new string('x', 9_000)}"), HttpStatusCode.RequestUriTooLong),
            (Post("name: shop", "application/yaml"), HttpStatusCode.UnsupportedMediaType),
            (Post("{}", key: new string('k', 300)), HttpStatusCode.BadRequest),
            (new(HttpMethod.Get, $"{Path}?name=%00"), HttpStatusCode.BadRequest),
        })
        {
            using (request)
            {
                await AssertProblemAsync(request, expected);
            }
        }
    }

    [Fact]
    public async Task A_fault_of_ours_shows_a_trace_id_and_no_trace()
    {
        await ExecuteAsync("ALTER TABLE envs RENAME TO gone");

        using var response = await Api.GetAsync("/api/v2/envs", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("Npgsql", text);
        Assert.DoesNotContain("envs", text);
        var trace = Text(System.Text.Json.Nodes.JsonNode.Parse(text)!, "trace_id");
        Assert.Contains(Server.Log.Lines, line => line.Contains(trace, StringComparison.Ordinal)
            && line.Contains("relation \"envs\" does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_repeated_with_its_key_changes_nothing_more()
    {
        var body = $$"""
            {"name":"shop","kind_id":"{{Kind.Id}}","cluster_id":"{{Cluster.Id}}","helm_chart_id":"{{Chart.Id}}"}
            """;
        var first = await AnswerAsync(Api.SendAsync(Post(body, key: "create-1"), Cancel), HttpStatusCode.Created);
        var again = await AnswerAsync(Api.SendAsync(Post(body, key: "create-1"), Cancel), HttpStatusCode.Created);
        Assert.Equal(Text(first, "id"), Text(again, "id"));

        for (var i = 0; i < 2; i++)
        {
            using var update = new HttpRequestMessage(HttpMethod.Put, $"{Path}/{first["id"]}");
            update.Headers.Add("Idempotency-Key", "update-1");
            update.Content = Body("""{"config":{"a":1}}""");
            await AnswerAsync(Api.SendAsync(update, Cancel), HttpStatusCode.OK);

            using var delete = new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{first["id"]}");
            delete.Headers.Add("Idempotency-Key", "delete-1");
            using var deleted = await Api.SendAsync(delete, Cancel);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        Assert.Equal(3, (await GetAsync("/api/v2/deployment-tasks"))["num_total"]!.GetValue<int>());
    }

    private async Task AssertProblemAsync(HttpRequestMessage request, HttpStatusCode expected)
    {
        using var response = await Api.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(
            response.StatusCode == expected, $"{request.Method} {request.RequestUri}: {response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        Assert.Equal((int)expected, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(Text(problem, "title"));
        Assert.Equal(Text(problem, "detail"), Text(problem, "message"));
    }

    private static HttpRequestMessage Post(byte[] body) => new(HttpMethod.Post, Path)
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
    };

    private static HttpRequestMessage Post(string body, string type = "application/json", string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(body, MediaTypeHeaderValue.Parse(type)),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private async Task<(string Name, string Text)> CreateTokenAsync() =>
        ("revoked", await Server.TokenAsync(await UserAsync(), "revoked", Cancel));

    private async Task<HttpStatusCode> StatusAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await Anonymous.SendAsync(request, Cancel);
        return response.StatusCode;
    }
}
