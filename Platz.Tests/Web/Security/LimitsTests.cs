using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

public sealed class LimitsTests(PostgresServer postgres) : WebTest(postgres)
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:05Z"));

    protected override Task<WebServer> StartServerAsync() => WebServer.StartAsync(
        ConnectionString, Cancel, _clock, KeyFile, settings:
        [
            new("Limits:RequestsPerMinute", "12"), new("Limits:ChangesPerMinute", "5"),
            new("Limits:SignInsPerMinute", "4"), new("Limits:BadTokensPerMinute", "40"),
        ]);

    [Fact]
    public async Task One_identity_that_asks_too_much_waits_and_another_does_not()
    {
        using var bob = await Server.ApiClientAsync(await AddUserAsync("bob"), Cancel);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(Api));
        }

        using var refused = await Api.GetAsync("/api/v2/envs", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        var problem = (await refused.Content.ReadFromJsonAsync<JsonNode>(Cancel))!;
        Assert.StartsWith("Too many requests", problem["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bob));
    }

    [Fact]
    public async Task Changes_have_a_limit_of_their_own()
    {
        for (var i = 0; i < 6; i++)
        {
            using var answer = await Api.PostAsync("/api/v2/secrets", Body("{}"), Cancel);
            Assert.Equal((i, i == 5), (i, answer.StatusCode == HttpStatusCode.TooManyRequests));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Api));
    }

    [Fact]
    public async Task Who_guesses_tokens_waits_also_after_a_restart()
    {
        using var guesser = Server.Client();
        guesser.DefaultRequestHeaders.Add("x-platz-token", "pltz_u_guessed");
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(guesser));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(guesser));
        await using var again = await StartServerAsync();
        using var client = again.Client();
        client.DefaultRequestHeaders.Add("x-platz-token", "pltz_u_guessed");
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(client));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client));
        await using var db = await DbAsync();
        var told = await db.AuditEvents.SingleAsync(e => e.Action == AuditAction.TokenRefusedMany, Cancel);
        Assert.Equal(("127.0.0.1", "127.0.0.1", 40), ($"{told.Ip}", told.SubjectName, (int)told.Detail["within_a_minute"]!));
    }

    [Fact]
    public async Task Links_are_not_tried_without_end()
    {
        for (var i = 0; i < 5; i++)
        {
            using var answer = await Anonymous.GetAsync("/sign-in/made-up", Cancel);
            Assert.Equal((i, i == 4 ? HttpStatusCode.TooManyRequests : HttpStatusCode.Redirect), (i, answer.StatusCode));
        }

        await using var again = await StartServerAsync();
        using var client = again.Client();
        using var refused = await client.GetAsync("/sign-in/made-up", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("try again in", await refused.Content.ReadAsStringAsync(Cancel));

        _clock.Advance(TimeSpan.FromMinutes(1));
        using var later = await client.GetAsync(
            $"/sign-in/{await Server.Services.GetRequiredService<SignInLinks>().CreateAsync(Alice.Id, Cancel)}", Cancel);
        Assert.Equal("/", later.Headers.Location?.ToString());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v2/envs", Cancel);
        return answer.StatusCode;
    }
}
