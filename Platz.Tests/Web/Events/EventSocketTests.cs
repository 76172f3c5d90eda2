using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Platz.Core.Identity;
using Platz.Tests.Support;
using static Platz.Tests.Web.Events.EventClient;

namespace Platz.Tests.Web.Events;

public sealed class EventSocketTests(PostgresServer postgres) : WebTest(postgres)
{
    private string AdminToken => Api.DefaultRequestHeaders.GetValues("x-platz-token").Single();

    [Fact]
    public async Task A_client_hears_of_the_rows_it_subscribed_to()
    {
        using var socket = await OpenAsync(AdminToken);
        Assert.Equal("platz-auth-bearer", socket.SubProtocol);
        await SayAsync(socket, $$"""{"type":"subscribe","table":"deployments","env_id":"{{Env.Id}}"}""");
        await SayAsync(socket, """{"type":"subscribe","table":"deployment_kinds","env_id":null}""");
        await ReadyAsync(socket);

        var deployment = await AddDeploymentAsync();
        Assert.Equal(Event("INSERT", "deployments", Env.Id, deployment.Id), await HearAsync(socket));
        await ExecuteAsync("UPDATE deployments SET status = 'Running'");
        Assert.Equal(Event("UPDATE", "deployments", Env.Id, deployment.Id), await HearAsync(socket));
        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");
        Assert.Equal(Event("DELETE", "deployments", Env.Id, deployment.Id), await HearAsync(socket));

        await SayAsync(socket, $$"""{"type":"unsubscribe","table":"deployments","env_id":"{{Env.Id}}"}""");
        await ReadyAsync(socket);
        await ExecuteAsync("UPDATE deployments SET deleted_at = NULL");
        await ExecuteAsync("UPDATE deployment_kinds SET name = 'Webs'");
        Assert.Equal(Event("UPDATE", "deployment_kinds", null, Kind.Id), await HearAsync(socket));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
    }

    [Fact]
    public async Task Nobody_hears_of_what_they_may_not_read_and_of_nothing_once_the_right_is_taken()
    {
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        var (hidden, other) = (Guid.NewGuid(), Guid.NewGuid());
        await ExecuteAsync($"""
            INSERT INTO envs (id, name, auto_add_new_users) VALUES ('{hidden}', 'hidden', false), ('{other}', 'other', false);
            INSERT INTO env_user_permissions (id, env_id, user_id, role) VALUES (gen_random_uuid(), '{other}', '{bob.Id}', 'User')
            """);
        using var socket = await OpenAsync(await TokenAsync(bob));
        foreach (var table in new[] { "secrets", "users", "settings", "envs", "deployment_kinds", "deployment_resource_types" })
        {
            await SayAsync(socket, $$"""{"type":"subscribe","table":"{{table}}"}""");
        }

        await ReadyAsync(socket);
        await TouchAsync(hidden);
        await ExecuteAsync("UPDATE users SET display_name = display_name");
        await TouchAsync(Env.Id);
        Assert.Equal(Event("UPDATE", "envs", Env.Id, Env.Id), await HearAsync(socket));
        var shared = Guid.NewGuid(); // by all envs
        await ExecuteAsync($"""
            INSERT INTO deployment_resource_types (id, deployment_kind_id, key, spec)
            VALUES ('{shared}', '{Kind.Id}', 'database', '{"{}"}')
            """);
        Assert.Equal(Event("INSERT", "deployment_resource_types", null, shared), await HearAsync(socket));

        await ExecuteAsync($"DELETE FROM env_user_permissions WHERE env_id = '{Env.Id}'");
        await TouchAsync(Env.Id);
        await TouchAsync(other);
        Assert.Equal(Event("UPDATE", "envs", other, other), await HearAsync(socket));
    }

    /// <summary>Whoever reads what it is about is asked for their rights then.</summary>
    [Fact]
    public async Task What_another_role_notifies_tells_no_more_than_ids()
    {
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        using var socket = await OpenAsync(await TokenAsync(bob));
        await SayAsync(socket, """{"type":"subscribe","table":"envs"}""");
        await ReadyAsync(socket);
        var (made, hidden) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var forged in new[]
        {
            "", "no json", "[]", "{}", """{"t":1}""", """{"t":"envs","o":"?","e":"x","ids":["x"]}""",
            """{"t":"envs","e":null,"ids":[[]]}""", """{"t":"envs","e":null,"ids":[[null]]}""",
            $$"""{"t":"envs","o":"UPDATE","e":"{{hidden}}","ids":[[null,"{{hidden}}"]]}""",
            $$"""{"t":"envs","o":"UPDATE","e":"{{Env.Id}}","ids":[[null,"{{made}}"]],"data":{"name":"hidden"} }""",
        })
        {
            await ExecuteAsync($"SELECT pg_notify('platz', '{forged}')");
        }

        Assert.Equal(Event("UPDATE", "envs", Env.Id, made), await HearAsync(socket));
        using var client = await Server.ApiClientAsync(bob, Cancel);
        await AnswerAsync(client.GetAsync($"/api/v2/envs/{made}", Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_its_connections()
    {
        var bob = await AddUserAsync("bob");
        await GrantAsync(bob, EnvRole.User);
        using var socket = await OpenAsync(await TokenAsync(bob));
        await SayAsync(socket, """{"type":"subscribe","table":"deployment_kinds"}""");
        await ReadyAsync(socket);

        var tokens = await GetAsync($"/api/v2/user-tokens?user_id={bob.Id}");
        using var revoked = await Api.DeleteAsync($"/api/v2/user-tokens/{Text(tokens["items"]![0]!, "id")}", Cancel);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal((WebSocketCloseStatus)1008, await EndAsync(socket));
    }

    [Fact]
    public async Task Without_a_token_that_is_valid_there_is_no_connection()
    {
        foreach (var token in new[] { null, "made-up", "pltz_u_made_up" })
        {
            using var socket = new ClientWebSocket();
            Offer(socket, token);
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address, Cancel));
            Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        }

        using var plain = await Api.GetAsync("/api/v2/ws", Cancel);
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
    }

    [Fact]
    public async Task Junk_is_ignored_and_what_is_too_long_ends_the_connection()
    {
        using var socket = await OpenAsync(AdminToken);
        foreach (var junk in new[] { "", "{", "[]", "1", """{"type":"subscribe"}""", """{"type":1,"table":2}""", "\0\u00ff", "{}" })
        {
            await SayAsync(socket, junk);
        }

        await SayAsync(socket, """{"type":"subscribe","table":"pg_shadow"}""");
        await SayAsync(socket, """{"type":"subscribe","table":"deployment_kinds"}""");
        await ReadyAsync(socket);
        await ExecuteAsync("UPDATE deployment_kinds SET name = 'Webs'");
        Assert.Equal(Event("UPDATE", "deployment_kinds", null, Kind.Id), await HearAsync(socket));

        await SayAsync(socket, new string('x', 5_000));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await EndAsync(socket));
    }

    [Fact]
    public async Task What_was_too_much_to_name_or_was_missed_is_read_again_by_who_connects_again()
    {
        using var one = await OpenAsync(AdminToken);
        using var other = await OpenAsync(AdminToken);
        await SayAsync(one, """{"type":"subscribe","table":"deployment_kinds"}""");
        await SayAsync(other, """{"type":"subscribe","table":"secrets"}""");
        await ReadyAsync(one);
        await ReadyAsync(other);

        await ExecuteAsync("INSERT INTO deployment_kinds (id, name) SELECT gen_random_uuid(), 'K' || n FROM generate_series(1, 100) AS n");
        Assert.Equal((WebSocketCloseStatus)1012, await EndAsync(one));
        Assert.Equal(WebSocketState.Open, other.State);

        await CutDatabaseAsync();
        await RestoreDatabaseAsync();
        Assert.Equal((WebSocketCloseStatus)1012, await EndAsync(other));
    }

    [Fact]
    public async Task One_identity_has_so_many_connections()
    {
        var open = new List<ClientWebSocket>();
        for (var i = 0; i < 20; i++)
        {
            open.Add(await OpenAsync(AdminToken));
        }

        using var more = new ClientWebSocket();
        Offer(more, AdminToken);
        await Assert.ThrowsAsync<WebSocketException>(() => more.ConnectAsync(Address, Cancel));
        Assert.Equal(HttpStatusCode.TooManyRequests, more.HttpStatusCode);
        open.ForEach(socket => socket.Dispose());
    }

    private Task<int> TouchAsync(Guid env) =>
        ExecuteAsync($"UPDATE envs SET auto_add_new_users = NOT auto_add_new_users WHERE id = '{env}'");

    private Uri Address => new UriBuilder(Server.Url) { Scheme = "ws", Path = "/api/v2/ws" }.Uri;

    private async Task<ClientWebSocket> OpenAsync(string token)
    {
        var socket = new ClientWebSocket();
        Offer(socket, token);
        await socket.ConnectAsync(Address, Cancel);
        return socket;
    }

    private async Task<string> TokenAsync(User user)
    {
        using var client = await Server.ApiClientAsync(user, Cancel);
        return client.DefaultRequestHeaders.GetValues("x-platz-token").Single();
    }

    /// <summary>
    /// There is no acknowledgement: what was said before is in force when a subscription that was said after it is.
    /// </summary>
    private async Task ReadyAsync(ClientWebSocket socket)
    {
        await SayAsync(socket, """{"type":"subscribe","table":"helm_tag_formats"}""");
        await using var probing = new Probe(() => ExecuteAsync("UPDATE helm_tag_formats SET pattern = pattern"));
        while (!IsProbe(await ReadAsync(socket)))
        {
            // Of before.
        }

        await probing.DisposeAsync();
        await SayAsync(socket, """{"type":"unsubscribe","table":"helm_tag_formats"}""");
    }

    private static string Event(string operation, string table, Guid? env, Guid id) => new JsonObject
    {
        ["operation"] = operation,
        ["table"] = table,
        ["env_id"] = env?.ToString(),
        ["data"] = new JsonObject { ["id"] = id.ToString() },
    }.ToJsonString();

    /// <summary>Does something again and again.</summary>
    private sealed class Probe : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _probing;

        public Probe(Func<Task> act) => _probing = RunAsync(act);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _probing;
        }

        private async Task RunAsync(Func<Task> act)
        {
            while (!_end.IsCancellationRequested)
            {
                await act();
                await Task.Delay(50, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
