using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Tests.Web.Events;
using Platz.Web.Events;

namespace Platz.Tests.Web.Access;

/// <summary>Every route and hub that the running web process has, asked by everybody (contract 3, security.md 4).</summary>
public sealed class RoleTableTests(PostgresServer postgres) : RolesTest(postgres)
{
    /// <summary>Files of a build that was not published: a fallback that nobody can mark.</summary>
    private const string StaticFiles = "{**path:file}";

    private readonly Dictionary<Who, HttpClient> _tokens = [];
    private readonly Dictionary<Who, HttpClient> _sessions = [];
    private WebServer _server = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile);
        var issuers = new AccessIssuer(World, _server);
        foreach (var who in Enum.GetValues<Who>())
        {
            _tokens[who] = await issuers.WithTokenAsync(who, Cancel);
            if (World.People[who] is Actor.User { Scope: null })
            {
                _sessions[who] = await issuers.WithSessionAsync(who, Cancel);
            }
        }

        await ExecuteAsync($"UPDATE users SET is_active = false WHERE id = '{World.People[Who.Inactive].Id}'");
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var client in _tokens.Values.Concat(_sessions.Values))
        {
            client.Dispose();
        }

        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public void Every_route_there_is_stands_in_the_table()
    {
        var mapped =
            from route in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where route.Metadata.GetMetadata<StaticAssetDescriptor>() is null
            where route.RoutePattern.RawText != StaticFiles
            from verb in VerbsOf(route)
            select Route.KeyOf(verb, route.RoutePattern.RawText!);

        var named = ApiTable.Of(World).Concat(SessionTable.Of(World)).Select(route => route.Key);
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_a_token_everybody_gets_the_answer_that_the_table_says()
    {
        var before = await TasksAsync();
        await AssertAnswersAsync(ApiTable.Of(World), _tokens);
        Assert.Equal(before.Select(t => (t.Id, t.Status)), (await TasksAsync()).Select(t => (t.Id, t.Status)));
    }

    [Fact]
    public Task With_a_session_everybody_gets_the_answer_that_the_table_says() =>
        AssertAnswersAsync(SessionTable.Of(World), _sessions);

    [Fact]
    public async Task With_a_session_nobody_gets_anything_of_the_api()
    {
        var routes = ApiTable.Of(World).Where(r => r.Pattern.StartsWith("/api/", StringComparison.Ordinal));
        foreach (var route in routes.Where(r => r.Needs is not Rule.Any))
        {
            Assert.Equal((route.Key, "401"), (route.Key, await AnswerAsync(route, _sessions[Who.Site])));
        }
    }

    /// <summary>A row of each table changes; everybody asks for all that has come since.</summary>
    [Fact]
    public async Task Over_the_hub_everybody_hears_what_the_table_says()
    {
        var (table, changes) = (EventTable.Of(World).ToList(), string.Join(';', EventTable.Of(World).Select(row => row.Change)));
        Subscription[] all = [.. table.Select(row => new Subscription(row.Table, row.EnvId))];
        await using var site = await HubClient.OpenAsync(_server, _tokens[Who.Site]);
        var begun = await site.SubscribeAsync(null, all);
        await ExecuteAsync(changes);
        HashSet<string> left = [.. table.Select(row => row.Table)];
        while (left.Count > 0)
        {
            left.Remove((await site.HearAsync()).Table);
        }

        foreach (var who in _tokens.Keys.Where(who => who > Who.Inactive))
        {
            await using var client = await HubClient.OpenAsync(_server, _tokens[who]);
            Assert.Null((await client.SubscribeAsync(new EventPosition(begun.Stream, begun.Sequence), all)).Refused);
            var expected = table.Where(row => Rules.Answer(who, row.Needs) == Rules.Done).Select(row => row.Table);
            Assert.Equal(
                (who, string.Join(' ', expected.Order())),
                (who, string.Join(' ', (await client.StopAsync()).Select(heard => heard.Table).Distinct().Order())));
        }
    }

    private async Task AssertAnswersAsync(IEnumerable<Route> routes, Dictionary<Who, HttpClient> clients)
    {
        List<string> wrong = [];
        foreach (var route in routes)
        {
            foreach (var (who, client) in clients)
            {
                var (expected, actual) = (Rules.Answer(who, route.Needs), await AnswerAsync(route, client));
                if (actual != expected)
                {
                    wrong.Add($"{who}: {route.Key} {route.Query} ({route.Needs}) gives {actual}, not {expected}");
                }

                if (route.Takes && actual == Rules.Done)
                {
                    await RestoreAsync();
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<string> AnswerAsync(Route route, HttpClient client)
    {
        using var request = route.Request();
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        if ((int)answer.StatusCode == route.Answer)
        {
            var shown = route.Shows is null ? "" : await answer.Content.ReadAsStringAsync(Cancel);
            return shown.Contains(route.Shows ?? "", StringComparison.Ordinal) ? Rules.Done : Rules.Nothing;
        }

        var toSignIn = answer.StatusCode is HttpStatusCode.Redirect
            && answer.Headers.Location!.OriginalString.Contains("/not-signed-in?returnUrl=", StringComparison.Ordinal);
        return toSignIn ? "401" : $"{(int)answer.StatusCode}";
    }

    /// <summary>Of a page GET alone: without the token of a form, which none of ours has, a POST is refused to all.</summary>
    private static IEnumerable<string> VerbsOf(RouteEndpoint route) =>
        (route.RoutePattern.RawText, route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods) switch
        {
            ("/_blazor/negotiate" or "/_blazor/disconnect/" or "/hubs/events/negotiate", null) => ["POST"],
            (_, null or ["GET", "POST"]) => ["GET"],
            (_, var verbs) => verbs,
        };
}
