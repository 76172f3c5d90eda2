using System.Net;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Platz.Sandbox.Ingress;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class IngressTests : IAsyncLifetime
{
    private const string Host = "shop.sandbox.test";

    private readonly SandboxServer _sandbox = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("i", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Serves_the_hosts_of_ingresses_as_their_pods_are_scripted()
    {
        await DeployAsync("""
            - {path: /reindex, method: POST, body: {done: 42}}
            - {path: /explode, method: POST, status: 500, body: the index is broken}
            - {path: /made/*, status: 204}
            """);
        using var client = _sandbox.IngressClient(Host);

        var reindexed = await client.PostAsync("/reindex?force=true", null, Cancel);
        Assert.Equal("application/json", reindexed.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"done":42}""", await reindexed.Content.ReadAsStringAsync(Cancel));
        var exploded = await client.PostAsync("/explode", null, Cancel);
        Assert.Equal((HttpStatusCode.InternalServerError, "the index is broken"),
            (exploded.StatusCode, await exploded.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync("/made/of/wood", Cancel)).StatusCode);
        var missing = await client.GetAsync("/reindex", Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "no such page"),
            (missing.StatusCode, await missing.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task Tells_what_was_asked_how_often_and_with_what()
    {
        await DeployAsync("[{path: /echo, echo: true}]");
        using var client = _sandbox.IngressClient(Host);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "k1");

        var echo = await (await client.PutAsJsonAsync("/echo?a=1", new { name = "x" }, Cancel))
            .Content.ReadFromJsonAsync<JsonObject>(Cancel);
        await client.PostAsync("/gone", new StringContent(new string('y', 100_000)), Cancel);

        Assert.Equal(("PUT", "/echo", "?a=1", """{"name":"x"}""", "k1", Host),
            ((string?)echo!["method"], (string?)echo["path"], (string?)echo["query"], (string?)echo["body"],
                (string?)echo["headers"]!["idempotency-key"], (string?)echo["host"]));
        Assert.Collection(_sandbox.IngressCalls,
            put => Assert.Equal(("PUT", "/echo?a=1", Host, """{"name":"x"}""", "k1", 200, true),
                (put.Method, put.Path, put.Host, put.Body, put.Headers["idempotency-key"], put.Status, put.Completed)),
            post => Assert.Equal((64 * 1024, 100_000, 404), (post.Body.Length, post.BodyLength, post.Status)));
        var told = await _sandbox.GetAsync($"/sandbox/ingress/calls?host={Host}", Cancel);
        Assert.Equal(["/echo?a=1", "/gone"], told.AsArray().Select(call => (string?)call!["path"]));
        Assert.Empty((await _sandbox.GetAsync("/sandbox/ingress/calls?host=other", Cancel)).AsArray());
    }

    [Fact]
    public async Task Answers_as_nginx_does_where_nothing_stands_behind_it()
    {
        using var client = _sandbox.IngressClient(Host);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/", Cancel)).StatusCode);

        await CreateIngressAsync();
        var unavailable = await client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.Contains("503 Service Temporarily Unavailable", await unavailable.Content.ReadAsStringAsync(Cancel));

        await CreateServiceAsync("web");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/", Cancel)).StatusCode);

        await CreatePodAsync("[{path: /, body: hello}]");
        Assert.Equal("hello", await client.GetStringAsync("/", Cancel));

        await _sandbox.DeleteAsync("/api/v1/namespaces/i/pods/web?gracePeriodSeconds=0", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_longest_path_wins_and_ends_where_a_segment_does()
    {
        await CreateServiceAsync("web");
        await CreatePodAsync("[{body: from web}]");
        await CreateIngressAsync("""
            {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}},
            {"path":"/api","pathType":"Prefix","backend":{"service":{"name":"nobody","port":{"name":"http"}}}}
            """);
        using var client = _sandbox.IngressClient(Host);

        Assert.Equal("from web", await client.GetStringAsync("/apiary", Cancel));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/api/x", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Redirects_dawdles_floods_and_hangs_up_when_scripted_so()
    {
        await DeployAsync("""
            - {path: /away, redirect: "https://elsewhere.test/"}
            - {path: /flood, bytes: 300000}
            - {path: /slow, delayMs: 60000}
            - {path: /drop, drop: true}
            """);
        using var client = _sandbox.IngressClient(Host);

        var away = await client.GetAsync("/away", Cancel);
        Assert.Equal((HttpStatusCode.Found, "https://elsewhere.test/"), (away.StatusCode, $"{away.Headers.Location}"));
        Assert.Equal(300_000, (await client.GetByteArrayAsync("/flood", Cancel)).Length);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/drop", null, Cancel));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        impatient.CancelAfter(300);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("/slow", impatient.Token));

        await _sandbox.UntilAsync("/sandbox/ingress/calls",
            calls => calls.AsArray().Count == 4 && calls[3]!["finishedAt"] is not null, Cancel);
        Assert.Equal([true, true, false, false], _sandbox.IngressCalls.Select(call => call.Completed));
    }

    [Theory]
    [InlineData("WrongName")]
    [InlineData("Expired")]
    [InlineData("UnknownAuthority")]
    public async Task Shows_a_certificate_that_nobody_should_trust_when_told_to(string certificate)
    {
        await DeployAsync("[{body: hello}]");
        await _sandbox.PostAsync("/sandbox/faults", $$"""{"ingressCertificate":"{{certificate}}"}""", Cancel);
        using (var client = _sandbox.IngressClient(Host))
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Cancel));
            Assert.IsType<AuthenticationException>(refused.InnerException);
        }

        Assert.Empty(_sandbox.IngressCalls);
        _sandbox.Faults.Reset();
        using var again = _sandbox.IngressClient(Host);
        Assert.Equal("hello", await again.GetStringAsync("/", Cancel));
    }

    [Fact]
    public async Task Fails_for_a_while_when_told_to()
    {
        await DeployAsync("[{body: hello}]");
        await _sandbox.PostAsync("/sandbox/faults",
            """{"ingressAnswers":[{"count":2,"answer":{"path":"/x","status":502}}],"ingressDown":true}""", Cancel);
        using var client = _sandbox.IngressClient(Host);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/x", Cancel));

        _sandbox.Faults.Ingress.IsDown = false;

        Assert.Equal("hello", await client.GetStringAsync("/", Cancel));
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/x", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/x", Cancel)).StatusCode);
        Assert.Equal("hello", await client.GetStringAsync("/x", Cancel));
    }

    [Fact]
    public async Task A_script_that_cannot_be_read_says_so()
    {
        await DeployAsync("[{path: /, stauts: 500}]");
        using var client = _sandbox.IngressClient(Host);

        var answer = await client.GetAsync("/", Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("stauts", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Tells_where_it_listens_and_whom_to_trust()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_sandbox.Folder, "ingress"), Cancel);
        var told = await _sandbox.GetAsync("/sandbox/ingress", Cancel);

        Assert.Equal([_sandbox.IngressAddress, _sandbox.IngressCaFile], lines);
        Assert.Equal((_sandbox.IngressAddress, _sandbox.Host.AuthorityPem),
            ((string?)told["address"], (string?)told["ca"]));
        Assert.Equal(_sandbox.Host.AuthorityPem, await File.ReadAllTextAsync(_sandbox.IngressCaFile, Cancel));
        Assert.Equal(403, (int?)(await _sandbox.GetAsync("/sandbox/ingress/calls", Cancel, token: ""))["code"]);
    }

    private async Task DeployAsync(string script)
    {
        await CreateServiceAsync("web");
        await CreatePodAsync(script);
        await CreateIngressAsync();
    }

    private async Task CreatePodAsync(string script)
    {
        await _sandbox.PostAsync("/api/v1/namespaces/i/pods", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "web",
                ["labels"] = new JsonObject { ["app"] = "web" },
                ["annotations"] = new JsonObject { [ScriptedAnswer.Annotation] = script },
            },
            ["spec"] = JsonNode.Parse("""{"containers":[{"name":"c","image":"nginx:1"}]}"""),
        }.ToJsonString(), Cancel);
        await _sandbox.PodUntilAsync("i", "web", pod => pod["status"]?["conditions"] is JsonArray conditions
            && conditions.Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True"), Cancel);
    }

    private Task<JsonNode> CreateServiceAsync(string name) => _sandbox.PostAsync("/api/v1/namespaces/i/services", $$$"""
        {"metadata":{"name":"{{{name}}}"},"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80}]}}
        """, Cancel);

    private Task<JsonNode> CreateIngressAsync(string paths =
        """{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"name":"http"}}}}""") =>
        _sandbox.PostAsync("/apis/networking.k8s.io/v1/namespaces/i/ingresses", $$$"""
            {"metadata":{"name":"web"},"spec":{"rules":[{"host":"{{{Host}}}","http":{"paths":[{{{paths}}}]}}]}}
            """, Cancel);
}
