using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Platz.Runner.Http;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Http;

public sealed class IngressClientTests
{
    private const string Host = "web-shop.apps.test";

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chart_gets_the_request_and_nothing_else_of_ours()
    {
        await using var server = TlsServer.Answering(Host, "200 Fine", "done");

        var answer = await SendAsync(server, "/x?y=1");

        Assert.Equal((HttpStatusCode.OK, "done", false, "200 OK"),
            (answer.Status, Encoding.UTF8.GetString(answer.Body), answer.IsCut, answer.InWords));
        Assert.Equal($"GET /x?y=1 HTTP/1.1\r\nHost: {Host}\r\n\r\n", Assert.Single(server.Requests));
    }

    [Theory]
    [InlineData("302 Found\r\nLocation: http://169.254.169.254/latest/meta-data")]
    [InlineData("307 Temporary Redirect\r\nLocation: https://web-shop.apps.test/y\r\nSet-Cookie: a=b")]
    public async Task A_redirect_is_an_answer(string head)
    {
        await using var server = TlsServer.Answering(Host, head, "moved");

        var answer = await SendAsync(server);

        Assert.True(answer.IsRedirect);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Of_a_body_without_end_64_kilobytes_are_kept()
    {
        await using var server = TlsServer.Start(Host, async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), cancel);
            while (!cancel.IsCancellationRequested)
            {
                await stream.WriteAsync(new byte[1 << 16], cancel);
            }
        });

        var answer = await SendAsync(server);

        Assert.Equal((IngressClient.MaxBody, true), (answer.Body.Length, answer.IsCut));
    }

    [Fact]
    public async Task A_compressed_body_is_left_as_it_is()
    {
        await using var server = TlsServer.Answering(Host, "200 OK\r\nContent-Encoding: gzip", "no gzip at all");

        Assert.Equal("no gzip at all", Encoding.UTF8.GetString((await SendAsync(server)).Body));
    }

    [Fact]
    public async Task A_cut_connection_is_no_answer_and_nothing_is_sent_again()
    {
        await using var server = TlsServer.Start(Host, (_, _) => Task.CompletedTask);

        var error = await Assert.ThrowsAsync<IngressException>(() => SendAsync(server));

        Assert.True(error.MayHaveArrived);
        Assert.Equal(1, server.Connections);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Headers_without_end_are_no_answer()
    {
        await using var server = TlsServer.Start(Host, async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancel);
            while (!cancel.IsCancellationRequested)
            {
                await stream.WriteAsync("X-Endless: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"u8.ToArray(), cancel);
            }
        });

        Assert.True((await Assert.ThrowsAsync<IngressException>(() => SendAsync(server))).MayHaveArrived);
    }

    [Fact]
    public async Task After_thirty_seconds_it_is_over()
    {
        var clock = new FakeTimeProvider();
        await using var server = TlsServer.Start(Host, async (_, cancel) => await Task.Delay(-1, cancel));
        var sending = SendAsync(server, clock: clock);
        while (server.Requests.IsEmpty)
        {
            await Task.Delay(10, Cancel);
        }

        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<IngressException>(() => sending);
        Assert.Equal(($"{Host} did not answer within 30 s", true), (error.Message, error.MayHaveArrived));
    }

    [Fact]
    public async Task What_was_answered_counts_though_the_body_never_ends()
    {
        var clock = new FakeTimeProvider();
        await using var server = TlsServer.Start(Host, async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nbroken"u8.ToArray(), cancel);
            await Task.Delay(-1, cancel);
        });
        var sending = SendAsync(server, clock: clock);
        while (server.Requests.IsEmpty)
        {
            await Task.Delay(10, Cancel);
        }

        await Task.WhenAny(sending, Task.Delay(500, Cancel)); // for the part of the body that comes
        clock.Advance(TimeSpan.FromSeconds(31));

        var answer = await sending;
        Assert.Equal((HttpStatusCode.InternalServerError, "broken", true),
            (answer.Status, Encoding.UTF8.GetString(answer.Body), answer.IsCut));
    }

    [Theory]
    [InlineData("other.apps.test", true, 1)]
    [InlineData(Host, false, 1)]
    [InlineData(Host, true, -0.5)]
    public async Task A_certificate_that_does_not_fit_ends_it_before_anything_is_sent(
        string name, bool trusted, double validForDays)
    {
        await using var server = TlsServer.Start(
            name, (_, _) => Task.CompletedTask, TimeSpan.FromDays(validForDays));

        var error = await Assert.ThrowsAsync<IngressException>(() => SendAsync(server, trusted: trusted));

        Assert.False(error.MayHaveArrived);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("localhost", "that address is not allowed")]
    [InlineData("no-such-host.invalid", "is not known")]
    public async Task Where_dns_decides_the_address_is_checked_before_a_packet_is_sent(string host, string why)
    {
        await using var server = TlsServer.Answering("localhost", "200 OK");
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"https://{host}:{IPEndPoint.Parse(server.Address).Port}/");

        var error = await Assert.ThrowsAsync<IngressException>(() => IngressClient.SendAsync(
            new IngressTarget(host, null, server.CaPem, ["127.0.0.0/8", "::1/128"]), request, TimeProvider.System, Cancel));

        Assert.Contains(why, error.Message);
        Assert.False(error.MayHaveArrived);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("127.0.0.1:99999", null)]
    [InlineData("127.0.0.1:1/x", null)]
    [InlineData("127.0.0.1:1", "no pem")]
    public async Task What_an_admin_has_set_wrongly_is_said(string address, string? ca)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Host}/");

        var error = await Assert.ThrowsAsync<IngressException>(() => IngressClient.SendAsync(
            new IngressTarget(Host, address, ca, []), request, TimeProvider.System, Cancel));

        Assert.Contains("of the cluster", error.Message);
        Assert.False(error.MayHaveArrived);
    }

    private static async Task<IngressAnswer> SendAsync(
        TlsServer server, string path = "/", TimeProvider? clock = null, bool trusted = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Host}{path}");
        return await IngressClient.SendAsync(
            new IngressTarget(Host, server.Address, trusted ? server.CaPem : null, []),
            request, clock ?? TimeProvider.System, Cancel);
    }
}
