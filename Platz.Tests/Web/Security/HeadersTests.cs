using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

public sealed class HeadersTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly string[] s_expected =
    [
        "Cache-Control: no-store",
        "Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin",
        "Permissions-Policy: camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
    ];

    [Theory]
    [InlineData("/not-signed-in")]
    [InlineData("/sign-in/unknown")]
    [InlineData("/sign-out")]
    [InlineData("/no-such-page")]
    [InlineData("/healthz/live")]
    [InlineData("/api/v2/server")]
    [InlineData("/api/v2/deployments")]
    [InlineData("/api/v2/no-such-resource")]
    [InlineData("/_blazor?id=x", "https://evil.example")]
    public async Task Every_answer_carries_the_same_headers(string path, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await Anonymous.SendAsync(request, Cancel);

        var names = s_expected.Select(h => h.Split(':')[0]).ToHashSet();
        Assert.Equal(s_expected, response.Headers.Where(h => names.Contains(h.Key))
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_static_file_differs_only_in_being_kept()
    {
        using var response = await Anonymous.GetAsync("/app.css", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var others = s_expected.Where(h => !h.StartsWith("Cache-Control", StringComparison.Ordinal));
        Assert.All(others, h => Assert.Equal(h[(h.IndexOf(": ", StringComparison.Ordinal) + 2)..],
            string.Join(", ", response.Headers.GetValues(h.Split(':')[0]))));
        Assert.False(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task No_route_and_no_file_forgets_them()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        var routes = Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => $"/{e.RoutePattern.RawText!.TrimStart('/')}").Where(path => !path.Contains('*')).Distinct().ToList();
        var files = routes.Where(path => Path.HasExtension(path) && !path.Contains('{'))
            .GroupBy(path => Path.GetExtension(path)).Select(kind => kind.First());
        var paths = routes.Where(path => !Path.HasExtension(path)).Concat(files).Select(Filled).ToList();
        Assert.True(paths.Count > 100, $"{paths.Count} routes");

        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
            using var answer = await Anonymous.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            AssertHeaders(path, answer);
        }
    }

    [Fact]
    public async Task A_method_that_nobody_uses_is_refused_everywhere()
    {
        foreach (var path in new[] { "/", "/tasks", "/app.css", "/sign-in", "/sign-out", "/healthz/live", "/openapi/v2.json" })
        {
            foreach (var method in new[] { "TRACE", "PROPFIND", "FOO" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await Anonymous.SendAsync(request, Cancel);
                Assert.True((int)answer.StatusCode is 401 or 404 or 405, $"{method} {path}: {answer.StatusCode}");
                AssertHeaders($"{method} {path}", answer);
            }
        }
    }

    [Fact]
    public async Task A_fault_carries_them_too()
    {
        await ExecuteAsync("ALTER TABLE sign_in_links RENAME TO gone");

        using var response = await Anonymous.GetAsync("/sign-in/x", Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var page = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Something went wrong", page);
        Assert.DoesNotContain("sign_in_links", page);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("http://sub.127.0.0.1", false)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("own", true)]
    public async Task A_circuit_is_opened_from_our_own_pages_alone(string? origin, bool isAllowed)
    {
        foreach (var upgrade in new[] { false, true })
        {
            using var request = upgrade
                ? new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=x")
                : new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
            if (upgrade)
            {
                request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
                request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
                request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
                request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
            }

            if (origin is not null)
            {
                var own = Server.Url.GetLeftPart(UriPartial.Authority);
                request.Headers.TryAddWithoutValidation("Origin", origin == "own" ? own : origin);
            }

            using var response = await Anonymous.SendAsync(request, Cancel);
            Assert.Equal(isAllowed, response.StatusCode is not HttpStatusCode.Forbidden);
        }
    }

    /// <summary>All but how long it may be kept, which files say for themselves.</summary>
    private static void AssertHeaders(string what, HttpResponseMessage answer)
    {
        foreach (var header in s_expected.Where(h => !h.StartsWith("Cache-Control", StringComparison.Ordinal)))
        {
            var (name, value) = (header.Split(": ")[0], header[(header.IndexOf(':') + 2)..]);
            var given = answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
            Assert.Equal((what, name, value), (what, name, given));
        }
    }

    private static string Filled(string route) => string.Join('/', route.Split('/').Select(
        part => part.StartsWith('{') ? part.Contains(":guid", StringComparison.Ordinal) ? $"{Guid.NewGuid()}" : "x" : part));
}
