using System.Net.Sockets;
using System.Text;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>What the server cannot read as a request never becomes one, and no document answers it.</summary>
public sealed class NotHttpTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Get = "GET /api/v2/envs HTTP/1.1\r\n";
    private const string Host = "Host: 127.0.0.1\r\n";
    private const string End = "\r\n";

    private static readonly string[] s_noRequests =
    [
        "\r\n\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1 x\r\n\r\n",
        "GET /api/v2/\xff HTTP/1.1\r\n\r\n", "GET /api/v2/%00 HTTP/1.1\r\n" + Host + End,
        "GET  / HTTP/1.1\r\n" + Host + End,
        "GET http:// HTTP/1.1\r\n" + Host + End, "GET * HTTP/1.1\r\n" + Host + End,
        "CONNECT / HTTP/1.1\r\n" + Host + End,
        "G\0T / HTTP/1.1\r\n" + Host + End, "(x) / HTTP/1.1\r\n" + Host + End, Get + End, Get + Host + Host + End,
        Get + "Host: a b\r\n" + End, Get + "Host: x:y:z\r\n" + End,
        Get + Host + "no colon\r\n" + End, Get + Host + ": x\r\n" + End,
        Get + Host + "a b: x\r\n" + End, Get + Host + "a: \0\r\n" + End, Get + Host + "a: \xff\r\n" + End,
        Get + Host + " folded: x\r\n" + End,
        Get + Host + "Content-Length: -1\r\n" + End, Get + Host + "Content-Length: x\r\n" + End,
        Get + Host + "Content-Length: 1\r\nContent-Length: 2\r\n" + End,
        Get + Host + "Content-Length: 99999999999999999999\r\n" + End,
        Get + Host + "Transfer-Encoding: gzip\r\n" + End,
        "GET /api/v2/envs?" + new string('x', 40_000) + " HTTP/1.1\r\n" + Host + End,
        Get + Host + "a: " + new string('x', 80_000) + "\r\n" + End,
        Get + Host + string.Concat(Enumerable.Range(0, 200).Select(i => $"h{i}: x\r\n")) + End,
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", Get[..7], Get + Host[..5],
    ];

    [Fact]
    public async Task What_is_no_request_is_refused_and_its_connection_closed()
    {
        foreach (var text in s_noRequests)
        {
            var answer = await SendAsync(text);
            Assert.True(
                answer.Length == 0 || answer[0] < ' ' || answer[..12] is ['H', .., '4' or '5', _, _],
                $"{text[..Math.Min(text.Length, 100)]}: {answer}");
        }

        Assert.DoesNotContain(Server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        await GetAsync("/api/v2/envs");
    }

    /// <summary>All that comes until the server closes.</summary>
    private async Task<string> SendAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Url.Host, Server.Url.Port, Cancel);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, Cancel);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Closed before it had read everything.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
