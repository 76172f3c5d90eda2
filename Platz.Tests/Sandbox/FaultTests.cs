using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new();

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await _sandbox.CreateNamespaceAsync("f", Cancel);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(504, "Timeout")]
    public async Task Fails_the_next_calls_that_match(int code, string reason)
    {
        await _sandbox.PostAsync("/sandbox/faults",
            $$$"""{"calls":[{"count":2,"code":{{{code}}},"method":"GET","path":"/configmaps"}]}""", Cancel);

        Assert.Equal("PodList", (string?)(await _sandbox.GetAsync("/api/v1/pods", Cancel))["kind"]);
        for (var call = 0; call < 2; call++)
        {
            var failed = await _sandbox.GetAsync("/api/v1/configmaps", Cancel);
            Assert.Equal((code, reason), ((int)failed["code"]!, (string)failed["reason"]!));
        }

        Assert.Equal("ConfigMapList", (string?)(await _sandbox.GetAsync("/api/v1/configmaps", Cancel))["kind"]);
    }

    [Fact]
    public async Task Answers_late_when_told_to()
    {
        _sandbox.Faults.Add(new CallFault(DelaySeconds: 0.5));
        var watch = Stopwatch.StartNew();

        await _sandbox.GetAsync("/api/v1/pods", Cancel);

        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.45)); // timers and stopwatches tell time by different clocks
    }

    [Fact]
    public async Task Does_the_work_and_loses_the_answer()
    {
        _sandbox.Faults.Add(new CallFault(AnswerLost: true, Method: "POST"));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            _sandbox.PostAsync("/api/v1/namespaces/f/configmaps", """{"metadata":{"name":"made"}}""", Cancel));

        Assert.Equal("ConfigMap",
            (string?)(await _sandbox.GetAsync("/api/v1/namespaces/f/configmaps/made", Cancel))["kind"]);
    }

    [Fact]
    public async Task Refuses_connections_for_a_while_and_then_listens_again_at_the_same_port()
    {
        _sandbox.Faults.RefuseConnections(TimeSpan.FromSeconds(0.7));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => _sandbox.GetAsync("/version", Cancel));
        Assert.Equal(SocketError.ConnectionRefused,
            Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                await _sandbox.GetAsync("/version", Cancel);
                return;
            }
            catch (HttpRequestException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(50, Cancel);
            }
        }
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("end")]
    public async Task Drops_watches(string how)
    {
        using var client = _sandbox.Client();
        using var response =
            await client.GetAsync(new Uri("/api/v1/namespaces/f/configmaps?watch=true", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Contains("ADDED", await reader.ReadLineAsync(Cancel));

        await _sandbox.PostAsync("/sandbox/faults", $$$"""{"dropWatches":"{{{how}}}"}""", Cancel);

        if (how == "end")
        {
            Assert.Null(await reader.ReadLineAsync(Cancel));
        }
        else
        {
            await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadLineAsync(Cancel).AsTask());
        }
    }

    [Fact]
    public async Task Loses_its_node_and_gets_it_back()
    {
        await _sandbox.CreatePodAsync("f", "p", Cancel);
        await _sandbox.PhaseAsync("f", "p", "Running", Cancel);

        await _sandbox.PostAsync("/sandbox/faults", """{"nodeLost":true}""", Cancel);

        var lost = await _sandbox.PhaseAsync("f", "p", "Failed", Cancel);
        Assert.Equal("NodeLost", (string?)lost["status"]!["reason"]);
        await _sandbox.CreatePodAsync("f", "q", Cancel, "true");
        await _sandbox.PodUntilAsync("f", "q", pod =>
            pod.ToJsonString().Contains("Unschedulable", StringComparison.Ordinal), Cancel);
        await _sandbox.SendAsync(HttpMethod.Delete, "/sandbox/faults", null, Cancel);
        await _sandbox.PhaseAsync("f", "q", "Succeeded", Cancel);
    }

    [Fact]
    public async Task Schedules_nothing_while_it_must_not()
    {
        _sandbox.Faults.Unschedulable = true;
        await _sandbox.CreatePodAsync("f", "p", Cancel, "true");
        await _sandbox.PodUntilAsync("f", "p", pod =>
            pod.ToJsonString().Contains("Unschedulable", StringComparison.Ordinal), Cancel);

        _sandbox.Faults.Unschedulable = false;

        await _sandbox.PhaseAsync("f", "p", "Succeeded", Cancel);
    }

    [Fact]
    public async Task Takes_no_orders_from_anybody_but_its_admin()
    {
        using var client = _sandbox.Client("");
        using var response =
            await client.PostAsync(new Uri("/sandbox/faults", UriKind.Relative), new StringContent("{}"), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
