using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Events;

namespace Platz.Tests.Web.Events;

/// <summary>Who gets to the hub of events, and what becomes of them.</summary>
public sealed class EventsHubAccessTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly Subscription s_kinds = new("deployment_kinds", null);

    private string Token => Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();

    private string Own => Server.Url.ToString().TrimEnd('/');

    protected override Task<WebServer> StartServerAsync() =>
        WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile, level: LogLevel.Trace);

    [Fact]
    public void A_chart_hears_of_its_env_but_not_of_who_is_in_it()
    {
        var grants = Grants.None with { OwnEnv = Env.Id };

        Assert.True(grants.Sees("secrets", Env.Id));
        Assert.False(grants.Sees("env_user_permissions", Env.Id));
        Assert.False(grants.Sees("deployment_permissions", Env.Id));
    }

    [Fact]
    public async Task A_token_or_a_session_opens_it_and_none_is_ever_logged()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        foreach (var (query, headers) in new (string, (string, string)[])[]
        {
            ("", [("x-platz-token", Token)]), ("", [("Authorization", $"Bearer {Token}")]), ($"?access_token={Token}", []),
            ($"?access_token={Token}", [("Origin", Own)]), ("", [("Cookie", cookie), ("Origin", Own)]),
        })
        {
            await using var client = await HubClient.OpenAsync(Server, query, headers);
            await client.SubscribeAsync(null, s_kinds);
            await ExecuteAsync("UPDATE deployment_kinds SET name = name || '!'");
            Assert.Equal(Kind.Id, (await client.HearAsync()).Data!.Id);
        }

        Assert.NotEmpty(Server.Log.Lines);
        Assert.DoesNotContain(Server.Log.Lines, line => line.Contains(Token, StringComparison.Ordinal));
        Assert.DoesNotContain(Server.Log.Lines, line => line.Contains(cookie.Split('=')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_and_no_page_of_another_site_opens_it()
    {
        var cookie = ("Cookie", await Server.SignInAsync(await UserAsync(), Cancel));
        var sibling = new UriBuilder(Server.Url) { Host = "evil.127.0.0.1" }.Uri.ToString().TrimEnd('/');
        foreach (var (expected, query, headers) in new (HttpStatusCode, string, (string, string)[])[]
        {
            (HttpStatusCode.Unauthorized, "", [("Origin", Own)]),
            (HttpStatusCode.Unauthorized, "", [("x-platz-token", "pltz_u_bad")]),
            (HttpStatusCode.Unauthorized, "?access_token=made-up", []),
            (HttpStatusCode.Unauthorized, "?access_token=made-up", [cookie, ("Origin", Own)]),
            (HttpStatusCode.Forbidden, "", [cookie]), (HttpStatusCode.Forbidden, "", [cookie, ("Origin", "null")]),
            (HttpStatusCode.Forbidden, "", [cookie, ("Origin", "https://evil.example")]),
            (HttpStatusCode.Forbidden, "", [cookie, ("Origin", sibling)]),
            (HttpStatusCode.Forbidden, $"?access_token={Token}", [("Origin", "https://evil.example")]),
        })
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => HubClient.OpenAsync(Server, query, headers));
            Assert.Equal((expected, query, headers), (refused.StatusCode!.Value, query, headers));
            using var socket = await ConnectAsync(query, headers);
            Assert.Equal((expected, query, headers), (socket.HttpStatusCode, query, headers));
        }
    }

    [Fact]
    public async Task Whoever_guesses_tokens_has_to_wait()
    {
        await using var strict = await WebServer.StartAsync(
            ConnectionString, Cancel, keyFile: KeyFile, settings: [new("Limits:BadTokensPerMinute", "3")]);
        var answers = new List<HttpStatusCode?>();
        for (var i = 0; i < 5; i++)
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => HubClient.OpenAsync(strict, $"made-up-{i}"));
            answers.Add(refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Fact]
    public async Task A_token_that_is_revoked_and_a_session_that_is_over_end_their_connections()
    {
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        using var api = await Server.ApiClientAsync(bob, Cancel);
        var cookie = await Server.SignInAsync(bob, Cancel);
        await using var token = await HubClient.OpenAsync(Server, api);
        await using var session = await HubClient.OpenAsync(Server, "", ("Cookie", cookie), ("Origin", Own));
        await token.SubscribeAsync(null, s_kinds);
        await session.SubscribeAsync(null, s_kinds);

        var id = Text((await AnswerAsync(api.GetAsync("/api/v2/user-tokens", Cancel), HttpStatusCode.OK))["items"]![0]!, "id");
        using var revoked = await Api.DeleteAsync($"/api/v2/user-tokens/{id}", Cancel);
        Assert.Equal("revoked", await token.HearEndAsync());
        await ExecuteAsync("UPDATE deployment_kinds SET name = name || '!'");
        Assert.Equal(Kind.Id, (await session.HearAsync()).Data!.Id);
        await ExecuteAsync($"UPDATE users SET is_active = false WHERE id = '{bob.Id}'");
        Assert.Equal("revoked", await session.HearEndAsync());
    }

    [Fact]
    public async Task What_is_too_long_or_malformed_ends_its_connection_and_no_other()
    {
        await using var witness = await HubClient.OpenAsync(Server, Token);
        await witness.SubscribeAsync(null, s_kinds);
        var megabyte = new string('x', 1024 * 1024);
        const string Hello = """{"protocol":"json","version":1}""" + "\u001e";
        foreach (var (hello, frame) in new (string, byte[])[]
        {
            (Hello, Encoding.UTF8.GetBytes(megabyte)),
            (Hello, Encoding.UTF8.GetBytes($$"""{"type":1,"target":"Subscribe","arguments":["{{megabyte}}"]}""" + "\u001e")),
            (Hello, [0x00, 0xff, 0xfe, 0x1e]),
            (Hello, "[]\u001e"u8.ToArray()),
            (Hello, "{\"type\":99999999999}\u001e"u8.ToArray()),
            (Hello, "{\"type\":{}}\u001e"u8.ToArray()),
            ("{\"protocol\":\"none\",\"version\":1}\u001e", [0x1e]),
            ("junk\u001e", [0x1e]),
        })
        {
            using var socket = await ConnectAsync($"?access_token={Token}", []);
            Assert.Equal(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
            await SendAsync(socket, Encoding.UTF8.GetBytes(hello));
            await SendAsync(socket, frame);
            await EndAsync(socket);
        }

        await ExecuteAsync("UPDATE deployment_kinds SET name = name || '!'");
        Assert.Equal(Kind.Id, (await witness.HearAsync()).Data!.Id);
        Assert.DoesNotContain(Server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private async Task<ClientWebSocket> ConnectAsync(string query, (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        var address = new UriBuilder(Server.Url) { Scheme = "ws", Path = "/hubs/events", Query = query }.Uri;
        await socket.ConnectAsync(address, Cancel).ContinueWith(_ => { }, TaskScheduler.Default);
        return socket;
    }

    /// <summary>The other end may have left meanwhile.</summary>
    private static async Task SendAsync(ClientWebSocket socket, byte[] bytes) =>
        await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, Cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task EndAsync(ClientWebSocket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, patience.Token)).MessageType is not WebSocketMessageType.Close)
            {
                // What was said before.
            }
        }
        catch (WebSocketException)
        {
            // Cut off, which is an end as well.
        }
    }
}
