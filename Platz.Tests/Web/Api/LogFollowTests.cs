using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>The log of a task as programs read it: <c>GET /deployment-tasks/{id}/log</c>.</summary>
public sealed class LogFollowTests(PostgresServer postgres) : WebTest(postgres)
{
    private Guid _task;
    private DeploymentTask _claimed = null!;
    private TaskLogWriter _writer = null!;

    private string Path => $"/api/v2/deployment-tasks/{_task}/log";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _task = await EnqueueAsync(await AddDeploymentAsync());
        _claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        _writer = await Services.GetRequiredService<TaskLog>().OpenAsync(
            _task, _claimed.Fence, new TaskLogLimits(Head: 1_000_000, Tail: 1_000_000), new Redactor([]), Cancel);
    }

    [Fact]
    public async Task Lines_arrive_as_they_are_written_and_the_answer_ends_with_the_task()
    {
        await WriteAsync("one", "two");
        using var follow = await FollowAsync(Api, $"{Path}?follow=true");
        Assert.Equal(("one", "two"), (await follow.LineAsync(), await follow.LineAsync()));

        await WriteAsync("three");
        Assert.Equal("three", await follow.LineAsync());

        await WriteAsync("four");
        await Queue.FinishAsync([Done(_claimed)]);
        Assert.Equal("four", await follow.LineAsync());
        Assert.Null(await follow.LineAsync());
    }

    [Fact]
    public async Task As_json_each_line_has_its_number_and_the_last_says_how_it_ended()
    {
        await WriteAsync("one");
        using var follow = await FollowAsync(Api, $"{Path}?follow=true", accept: "application/x-ndjson");
        Assert.Equal("application/x-ndjson", follow.MediaType);
        var line = JsonNode.Parse((await follow.LineAsync())!)!;
        Assert.Equal((1, "one", "Pod", Phase.HelmUpgrade),
            (line["seq"]!.GetValue<int>(), Text(line, "text"), Text(line, "stream"), Text(line, "phase")));

        await Queue.FinishAsync([Done(_claimed) with { Status = DeploymentTaskStatus.Failed, Reason = "It broke" }]);

        Assert.Equal("""{"end":true,"status":"Failed","reason":"It broke"}""", await follow.LineAsync());
        Assert.Null(await follow.LineAsync());
    }

    [Fact]
    public async Task One_begins_where_one_wants_to()
    {
        await WriteAsync([.. Enumerable.Range(1, 900).Select(i => $"line {i}")]);
        await Queue.FinishAsync([Done(_claimed)]);

        Assert.Equal(["line 899", "line 900"], await LinesAsync("tail=2"));
        Assert.Equal(["line 900"], await LinesAsync("after=899&tail=5"));
        Assert.Empty(await LinesAsync("after=900"));
        Assert.Empty(await LinesAsync("tail=0"));
        Assert.Equal(900, (await LinesAsync("")).Length);
        Assert.Equal(900, (await LinesAsync("follow=true")).Length);
        Assert.Equal("line 101", (await LinesAsync("follow=true&after=100"))[0]);
        var json = (await LinesAsync("format=ndjson&follow=true&tail=1")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal((900, true), (json[0]["seq"]!.GetValue<int>(), json[1]["end"]!.GetValue<bool>()));
        Assert.Single(await LinesAsync("format=ndjson&tail=1"));
        foreach (var bad in new[] { "after=-1", "tail=x", "follow=1", "format=xml" })
        {
            await AnswerAsync(Api.GetAsync($"{Path}?{bad}", Cancel), HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_burst_larger_than_what_is_shared_reaches_everybody_whole()
    {
        using var first = await FollowAsync(Api, $"{Path}?follow=true&format=ndjson");
        using var second = await FollowAsync(Api, $"{Path}?follow=true&format=ndjson");

        for (var i = 0; i < 5; i++)
        {
            await WriteAsync([.. Enumerable.Range(0, 700).Select(n => $"{i}.{n}")]);
        }

        await Queue.FinishAsync([Done(_claimed)]);
        foreach (var follow in new[] { first, second })
        {
            for (var seq = 1; seq <= 3_500; seq++)
            {
                Assert.Equal(seq, JsonNode.Parse((await follow.LineAsync())!)!["seq"]!.GetValue<int>());
            }

            Assert.Contains("\"end\":true", await follow.LineAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_may_not_see_it_any_more_sees_no_further_line()
    {
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        using var client = await Server.ApiClientAsync(bob, Cancel);
        using var follow = await FollowAsync(client, $"{Path}?follow=true");
        await WriteAsync("seen");
        Assert.Equal("seen", await follow.LineAsync());

        await ExecuteAsync($"DELETE FROM env_user_permissions WHERE user_id = '{bob.Id}'");
        await ExecuteAsync("""SELECT pg_notify('platz', '{"t":"env_user_permissions","e":null,"ids":null}')""");

        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<IOException>(follow.LineAsync);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}"); // and not at the next beat
        await AnswerAsync(client.GetAsync($"{Path}?follow=true", Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_that_is_revoked_follows_no_longer()
    {
        using var follow = await FollowAsync(Api, $"{Path}?follow=true");

        await ExecuteAsync("UPDATE api_tokens SET revoked_at = now()");
        await ExecuteAsync("""SELECT pg_notify('platz', '{"t":"api_tokens","e":null,"ids":null}')""");

        await Assert.ThrowsAnyAsync<IOException>(follow.LineAsync);
    }

    [Fact]
    public async Task One_identity_follows_five_logs_at_a_time()
    {
        var follows = new List<Follow>();
        for (var i = 0; i < 5; i++)
        {
            follows.Add(await FollowAsync(Api, $"{Path}?follow=true"));
        }

        using (var refused = await Api.GetAsync($"{Path}?follow=true", Cancel))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await Queue.FinishAsync([Done(_claimed)]);
        foreach (var follow in follows)
        {
            Assert.Null(await follow.LineAsync());
            follow.Dispose();
        }

        Assert.Empty(await LinesAsync("follow=true"));
    }

    private async Task WriteAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            _writer.AddOutput(line, DateTimeOffset.UnixEpoch, Phase.HelmUpgrade);
        }

        await _writer.FlushAsync(Cancel);
    }

    private async Task<string[]> LinesAsync(string query) =>
        (await Api.GetStringAsync($"{Path}?{query}", Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<Follow> FollowAsync(HttpClient client, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new Follow(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
    }

    private sealed class Follow(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        public string? MediaType => response.Content.Headers.ContentType?.MediaType;

        /// <summary>Null at the end.</summary>
        public async Task<string?> LineAsync()
        {
            while (await lines.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel) is { } line)
            {
                if (line.Length > 0)
                {
                    return line; // an empty one is a beat
                }
            }

            return null;
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
