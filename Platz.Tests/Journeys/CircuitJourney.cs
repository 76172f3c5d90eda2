using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Platz.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Journeys;

/// <summary>An open page is a circuit with an id, which the browser knows and others should not.</summary>
public sealed partial class CircuitJourney(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    [Fact]
    public async Task Whoever_connects_to_the_circuit_of_somebody_else_finds_it_signed_out()
    {
        var id = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A page that is loaded once: an earlier load would leave a circuit that is gone by the time the thief comes.
        var page = await (await OpenAsync("/envs")).Context.NewPageAsync();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (CircuitId().Match(Encoding.Latin1.GetString(frame.Binary ?? [])) is { Success: true } found)
            {
                id.TrySetResult(found.Groups["id"].Value[..found.Groups["length"].Value[0]]);
            }
        };
        await page.GotoAsync(new Uri(Server.Url, "/envs").ToString());
        await Expect(page.Locator("main")).ToContainTextAsync("demo");

        using var thief = new ClientWebSocket();
        thief.Options.SetRequestHeader("Cookie", await Server.SignInAsync(await AddUserAsync("bob"), Cancel));
        thief.Options.SetRequestHeader("Origin", Server.Url.GetLeftPart(UriPartial.Authority));
        await thief.ConnectAsync(new UriBuilder(Server.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancel);
        await thief.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, Cancel);
        await thief.SendAsync(
            Connect(await id.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)), WebSocketMessageType.Binary, true, Cancel);

        var told = await HearUntilAsync(thief, "You are signed out");
        Assert.DoesNotContain("demo", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Alice", told, StringComparison.Ordinal);
    }

    /// <summary>The call of ConnectCircuit, in MessagePack behind its length.</summary>
    private static byte[] Connect(string id)
    {
        byte[] call =
        [
            0x96, 1, 0x80, 0xa1, (byte)'0', 0xae, .. "ConnectCircuit"u8, 0x91,
            0xda, (byte)(id.Length >> 8), (byte)id.Length, .. Encoding.ASCII.GetBytes(id), 0x90,
        ];
        return [(byte)(call.Length & 0x7f | 0x80), (byte)(call.Length >> 7), .. call];
    }

    private static async Task<string> HearUntilAsync(ClientWebSocket socket, string words)
    {
        var heard = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while (!heard.ToString().Contains(words, StringComparison.Ordinal))
            {
                var part = await socket.ReceiveAsync(buffer, patience.Token);
                heard.Append(Encoding.Latin1.GetString(buffer, 0, part.Count));
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            Assert.Fail($"Never heard '{words}', but: {heard}");
        }

        return heard.ToString();
    }

    /// <summary>A string of MessagePack with its length in one byte; what follows in the frame may look like more of it.</summary>
    [GeneratedRegex("\u00d9(?<length>.)(?<id>CfDJ8[A-Za-z0-9_-]{60,})", RegexOptions.Singleline)]
    private static partial Regex CircuitId();
}
