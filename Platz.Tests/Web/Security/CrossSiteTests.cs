using System.Net;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Security;

/// <summary>A server without settings of its own: nobody speaks for it, and no other site calls.</summary>
public sealed class CrossSiteTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task From_another_site_one_comes_by_a_link_and_in_no_other_way()
    {
        var own = Server.Url.GetLeftPart(UriPartial.Authority);
        foreach (var (method, path, headers, may) in new (string, string, string, bool)[]
        {
            ("GET", "/", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", true),
            ("GET", "/", "Sec-Fetch-Site: same-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", true),
            ("GET", "/", "Sec-Fetch-Site: none|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", true),
            ("GET", "/app.css", "Sec-Fetch-Site: same-origin|Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: style", true),
            ("GET", "/", "", true), ("POST", "/sign-out", "", true), ("POST", "/sign-out", $"Origin: {own}", true),
            ("POST", "/sign-out", "Sec-Fetch-Site: same-origin", true),
            ("GET", "/", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: iframe", false),
            ("GET", "/sign-in/x", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: image", false),
            ("GET", "/sign-out", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: image", false),
            ("GET", "/audit/export", "Sec-Fetch-Site: same-site|Sec-Fetch-Mode: cors|Sec-Fetch-Dest: empty", false),
            ("GET", "/openapi/v2.json", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: cors|Sec-Fetch-Dest: empty", false),
            ("POST", "/sign-out", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", false),
            ("POST", "/sign-out", "Sec-Fetch-Site: same-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document", false),
            ("POST", "/", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: empty", false),
            ("POST", "/sign-out", "Sec-Fetch-Site: something", false), ("POST", "/sign-out", "Origin: null", true),
            ("POST", "/sign-out", "Origin: https://evil.example", false),
            ("POST", "/sign-out", $"Origin: {own}.evil.example", false),
            ("GET", "/api/v2/server", "Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: cors|Sec-Fetch-Dest: empty", true),
        })
        {
            using var answer = await SendAsync(method, path, headers);
            Assert.Equal(
                (method, path, headers, may), (method, path, headers, answer.StatusCode is not HttpStatusCode.Forbidden));
        }
    }

    [Fact]
    public async Task What_anybody_can_write_in_a_header_is_believed_of_nobody()
    {
        using var secure = await SendAsync(
            "GET", "/", "X-Forwarded-Proto: https|X-Forwarded-Host: evil.example|Forwarded: host=evil.example");
        Assert.False(secure.Headers.Contains("Strict-Transport-Security"));
        Assert.StartsWith($"{Server.Url}", secure.Headers.Location?.ToString(), StringComparison.Ordinal);
        using var circuit = await SendAsync(
            "POST", "/_blazor/negotiate?negotiateVersion=1", "Origin: http://evil.example|X-Forwarded-Host: evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, circuit.StatusCode);

        using var signIn = await SendAsync("GET", "/sign-in/made-up", "X-Forwarded-For: 203.0.113.7");
        await using var db = await DbAsync();
        Assert.Contains("127.0.0.1", Assert.Single(db.SignInAttempts).Key);
    }

    [Fact]
    public async Task Without_a_setting_no_other_site_may_call()
    {
        using var preflight = await SendAsync(
            "OPTIONS", "/api/v2/envs", "Origin: https://portal.example.org|Access-Control-Request-Method: GET");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        using var read = await SendAsync("GET", "/api/v2/server", "Origin: https://portal.example.org");
        Assert.DoesNotContain(read.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }

        return await Anonymous.SendAsync(request, Cancel);
    }
}
