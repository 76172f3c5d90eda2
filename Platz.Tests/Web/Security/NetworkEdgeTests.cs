using System.Net;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

/// <summary>A server with a proxy at 127.0.0.1, two names, and one site that may call.</summary>
public sealed class NetworkEdgeTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Portal = "https://portal.example.org";

    protected override Task<WebServer> StartServerAsync() => WebServer.StartAsync(
        ConnectionString, Cancel, keyFile: KeyFile, settings:
        [
            new("Web:Proxies:0", "127.0.0.1"), new("Web:Hosts:0", "127.0.0.1"), new("Web:Hosts:1", "*.platz.test"),
            new("Web:Cors:Origins:0", Portal), new("Limits:SignInsPerMinute", "2"),
        ]);

    [Fact]
    public async Task A_site_that_is_named_may_call_the_api_with_a_token_and_no_other_may()
    {
        foreach (var (origin, may) in new[]
        {
            (Portal, true), ("https://evil.example", false), ("https://sub.portal.example.org", false),
            ("http://portal.example.org", false), ("https://portal.example.org:8443", false), ("null", false),
        })
        {
            using var preflight = await SendAsync(
                HttpMethod.Options, "/api/v2/envs", ("Origin", origin), ("Access-Control-Request-Method", "PUT"),
                ("Access-Control-Request-Headers", "authorization,content-type,if-match"));
            Assert.Equal((origin, may ? origin : null), (origin, Header(preflight, "Access-Control-Allow-Origin")));
            Assert.Null(Header(preflight, "Access-Control-Allow-Credentials"));
            using var refused = await SendAsync(HttpMethod.Get, "/api/v2/envs", ("Origin", origin));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode); // and readable where it may be
            Assert.Equal(may ? origin : null, Header(refused, "Access-Control-Allow-Origin"));
        }

        using var page = await SendAsync(HttpMethod.Get, "/openapi/v2.json", ("Origin", Portal));
        Assert.Null(Header(page, "Access-Control-Allow-Origin"));
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/v2/envs") { Headers = { { "Origin", Portal } } };
        using var answer = await Api.SendAsync(read, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("ETag", Header(answer, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task Events_are_told_to_programs_and_to_sites_that_may_call()
    {
        var withToken = $"/hubs/events?access_token={Api.DefaultRequestHeaders.GetValues("x-platz-token").Single()}";
        foreach (var path in new[] { "/api/v2/ws", withToken })
        {
            foreach (var (origin, may) in new (string?, bool)[]
            {
                (null, true), (Portal, true), (Server.Url.GetLeftPart(UriPartial.Authority), true),
                ("https://evil.example", false), ("http://sub.127.0.0.1", false), ("null", false), ("", false),
            })
            {
                using var answer = await SendAsync(
                    HttpMethod.Get, path, origin is null ? ("X-Nothing", "x") : ("Origin", origin));
                Assert.Equal((path, origin, may), (path, origin, answer.StatusCode is not HttpStatusCode.Forbidden));
            }
        }

        using var withCookie = await SendAsync(
            HttpMethod.Get, "/hubs/events", ("Origin", Portal), ("Cookie", await Server.SignInAsync(await UserAsync(), Cancel)));
        Assert.Equal(HttpStatusCode.Forbidden, withCookie.StatusCode);
    }

    [Fact]
    public async Task A_browser_may_ask_whether_a_site_may_connect_before_it_shows_a_token()
    {
        foreach (var (origin, may) in new[] { (Portal, true), ("https://evil.example", false), ("null", false) })
        {
            using var preflight = await SendAsync(
                HttpMethod.Options, "/hubs/events/negotiate?negotiateVersion=1", ("Origin", origin),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent"));
            Assert.Equal((origin, may ? origin : null), (origin, Header(preflight, "Access-Control-Allow-Origin")));
            Assert.Null(Header(preflight, "Access-Control-Allow-Credentials"));
        }

        using var negotiate = new HttpRequestMessage(HttpMethod.Post, "/hubs/events/negotiate?negotiateVersion=1")
        {
            Headers = { { "Origin", Portal } },
        };
        using var answer = await Api.SendAsync(negotiate, Cancel);
        Assert.Equal((HttpStatusCode.OK, Portal), (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_proxy_that_is_known_is_believed()
    {
        using var secure = await SendAsync(
            HttpMethod.Get, "/", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "a.platz.test"));
        Assert.True(secure.Headers.Contains("Strict-Transport-Security"));
        Assert.StartsWith("https://a.platz.test/", Header(secure, "Location"), StringComparison.Ordinal);
        using var evil = await SendAsync(HttpMethod.Get, "/", ("X-Forwarded-Host", "evil.example"));
        Assert.StartsWith($"{Server.Url}", Header(evil, "Location"), StringComparison.Ordinal);

        // Addresses behind it are counted one by one; what stands before the first that is not ours is hearsay.
        foreach (var (from, expected) in new[]
        {
            ("203.0.113.7", HttpStatusCode.Redirect), ("203.0.113.7", HttpStatusCode.Redirect),
            ("203.0.113.7", HttpStatusCode.TooManyRequests), ("198.51.100.1, 203.0.113.7", HttpStatusCode.TooManyRequests),
            ("203.0.113.8", HttpStatusCode.Redirect),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, "/sign-in/made-up", ("X-Forwarded-For", from));
            Assert.Equal((from, expected), (from, answer.StatusCode));
        }
    }

    [Fact]
    public async Task By_a_name_that_is_not_its_own_it_answers_nothing()
    {
        foreach (var (host, path, expected) in new[]
        {
            ("evil.example", "/", HttpStatusCode.BadRequest), ("platz.test", "/", HttpStatusCode.BadRequest),
            ("evil.example", "/api/v2/server", HttpStatusCode.BadRequest),
            ("evil.example", "/app.css", HttpStatusCode.BadRequest),
            ("a.platz.test", "/api/v2/server", HttpStatusCode.OK), ("10.0.0.7", "/healthz/live", HttpStatusCode.OK),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, ("Host", host));
            Assert.Equal((host, path, expected), (host, path, answer.StatusCode));
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Anonymous.SendAsync(request, Cancel);
    }
}
