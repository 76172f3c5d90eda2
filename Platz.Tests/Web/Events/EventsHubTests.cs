using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Events;

namespace Platz.Tests.Web.Events;

public sealed class EventsHubTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly Subscription s_kinds = new("deployment_kinds", null);
    private static readonly Subscription s_envs = new("envs", null);

    [Fact]
    public async Task A_client_hears_of_the_rows_it_subscribed_to_by_number()
    {
        await using var client = await HubClient.OpenAsync(Server, Api);
        var of = new Subscription("deployments", Env.Id);
        var begun = await client.SubscribeAsync(null, of, s_kinds);
        Assert.Equal((false, null), (begun.Gap, begun.Refused));

        var deployment = await AddDeploymentAsync();
        await ExecuteAsync("UPDATE deployments SET status = 'Running'");
        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");
        foreach (var operation in new[] { "INSERT", "UPDATE", "DELETE" })
        {
            var heard = await client.HearAsync();
            Assert.Equal(
                (operation, "deployments", Env.Id, deployment.Id),
                (heard.Operation, heard.Table, heard.EnvId!.Value, heard.Data!.Id));
            Assert.True(heard.Sequence > begun.Sequence);
            begun = begun with { Sequence = heard.Sequence };
        }

        await client.UnsubscribeAsync(of);
        await ExecuteAsync("UPDATE deployments SET deleted_at = NULL");
        await ExecuteAsync("""
            INSERT INTO deployment_kinds (id, name) SELECT gen_random_uuid(), 'K' || n FROM generate_series(1, 100) AS n
            """);
        var many = await client.HearAsync();
        Assert.Equal(("INSERT", "deployment_kinds", null), (many.Operation, many.Table, many.Data));
    }

    [Fact]
    public async Task Who_was_away_is_told_what_came_meanwhile_or_that_it_is_not_known()
    {
        EventPosition last;
        await using (var client = await HubClient.OpenAsync(Server, Api))
        {
            var begun = await client.SubscribeAsync(null, s_kinds, s_envs);
            await RenameKindAsync();
            var heard = await client.HearAsync();
            Assert.Equal(begun.Stream, heard.Stream);
            last = new(heard.Stream, heard.Sequence);
        }

        await using var witness = await HubClient.OpenAsync(Server, Api);
        await witness.SubscribeAsync(null, s_kinds, s_envs);
        await TouchAsync(Env.Id);
        await RenameKindAsync();
        var missed = new[] { await witness.HearAsync(), await witness.HearAsync() };

        await using var again = await HubClient.OpenAsync(Server, Api);
        Assert.False((await again.SubscribeAsync(last, s_kinds, s_envs)).Gap);
        await TouchAsync(Env.Id);
        foreach (var one in missed.Append(await witness.HearAsync()))
        {
            Assert.Equal(one, await again.HearAsync());
        }

        foreach (var other in new[]
        {
            last with { Stream = Guid.NewGuid() }, last with { Sequence = 1_000_000 }, last with { Sequence = -1 },
        })
        {
            Assert.True((await again.SubscribeAsync(other, s_kinds)).Gap);
        }

        await CutDatabaseAsync();
        await RestoreDatabaseAsync();
        Assert.NotEqual(last.Stream, (await again.HearResetAsync()).Stream);
        Assert.True((await again.SubscribeAsync(last, s_kinds)).Gap);
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
        using var api = await Server.ApiClientAsync(bob, Cancel);
        await using var client = await HubClient.OpenAsync(Server, api);
        Subscription[] all = [s_envs, new("secrets", null), new("secrets", hidden), new("users", null), new("settings", null)];
        var begun = await client.SubscribeAsync(null, all);
        await TouchAsync(hidden);
        await ExecuteAsync("UPDATE users SET display_name = display_name || '!'");
        await TouchAsync(Env.Id);
        Assert.Equal(Env.Id, (await client.HearAsync()).Data!.Id);

        await ExecuteAsync($"DELETE FROM env_user_permissions WHERE env_id = '{Env.Id}'");
        await TouchAsync(Env.Id);
        await TouchAsync(other);
        Assert.Equal(other, (await client.HearAsync()).Data!.Id);
        await using var again = await HubClient.OpenAsync(Server, api);
        await again.SubscribeAsync(new(begun.Stream, begun.Sequence), all);
        Assert.Equal(other, (await again.HearAsync()).Data!.Id);
    }

    [Fact]
    public async Task Rows_that_nobody_may_subscribe_to_and_too_many_subscriptions_are_refused()
    {
        await using var client = await HubClient.OpenAsync(Server, Api);

        var unknown = await client.SubscribeAsync(null, s_kinds, new("pg_shadow", null));
        Assert.Equal("There are no events of 'pg_shadow'.", unknown.Refused);
        Assert.Equal("There are no events of ''.", (await client.SubscribeAsync(null, null!, s_kinds)).Refused);
        var many = Enumerable.Range(0, 201).Select(_ => new Subscription("envs", Guid.NewGuid())).ToArray();
        Assert.Equal("At most 200 subscriptions.", (await client.SubscribeAsync(null, many)).Refused);
        await RenameKindAsync();
        await client.SubscribeAsync(null, s_envs);
        await TouchAsync(Env.Id);
        Assert.Equal("envs", (await client.HearAsync()).Table);
    }

    [Fact]
    public async Task An_identity_has_so_many_connections_and_a_connection_so_many_requests()
    {
        var open = new List<HubClient>();
        for (var i = 0; i < 20; i++)
        {
            open.Add(await HubClient.OpenAsync(Server, Api));
        }

        await using var more = await HubClient.OpenAsync(Server, Api);
        Assert.Equal("too_many", await more.HearEndAsync());

        var asked = Enumerable.Range(0, 10_000).Select(_ => open[0].SubscribeAsync(null, s_envs)).ToList();
        Assert.Equal("too_many", await open[0].HearEndAsync());
        await Task.WhenAll(asked).ContinueWith(_ => { }, TaskScheduler.Default);
        await open[1].SubscribeAsync(null, s_envs);
        await TouchAsync(Env.Id);
        Assert.Equal("envs", (await open[1].HearAsync()).Table);
        foreach (var one in open)
        {
            await one.DisposeAsync();
        }
    }

    private Task<int> RenameKindAsync() => ExecuteAsync("UPDATE deployment_kinds SET name = name || '!'");

    private Task<int> TouchAsync(Guid env) =>
        ExecuteAsync($"UPDATE envs SET auto_add_new_users = NOT auto_add_new_users WHERE id = '{env}'");
}
