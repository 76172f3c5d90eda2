using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using Platz.Bench.Circuits;
using Platz.Tests.Support;
using Platz.Web.Security;
using static Microsoft.Playwright.Assertions;

namespace Platz.Tests.Web.Security;

/// <summary>A server whose clock stands still, on which a person may have two pages open.</summary>
public sealed class OpenPagesTests(PostgresServer postgres, Browser browser) : BrowserTest(postgres, browser)
{
    private const int Most = 2;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    private OpenPages Pages => Server.Services.GetRequiredService<OpenPages>();

    protected override Task<WebServer> StartServerAsync() => WebServer.StartAsync(
        ConnectionString, Cancel, _clock, KeyFile, settings: [new("Limits:OpenPages", $"{Most}")]);

    [Fact]
    public async Task A_page_too_many_says_so_in_words_and_has_its_turn_when_another_is_closed()
    {
        var first = await OpenAsync("/");
        await Expect(first.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(Server.Url.ToString());
        await Expect(second.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
        var third = await first.Context.NewPageAsync();
        await third.GotoAsync(new Uri(Server.Url, "/audit").ToString());
        await Expect(third.GetByText("You have 2 pages of Platz open")).ToBeVisibleAsync();
        await Expect(third).ToHaveTitleAsync("Too many open pages · Platz");

        await second.ReloadAsync(); // one of its own is none too many
        await Expect(second.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
        var fourth = await first.Context.NewPageAsync();
        await fourth.GotoAsync(Server.Url.ToString());
        await Expect(fourth.GetByRole(AriaRole.Heading, new() { Name = "Too many open pages" })).ToBeVisibleAsync();
        await UntilAsync(() => Pages.ConnectionsOf(Alice.Id) == 2 * Most);
        var fifth = await first.Context.NewPageAsync();
        var refused = await fifth.GotoAsync(Server.Url.ToString());
        Assert.Equal(429, refused!.Status);
        await Expect(fifth.GetByRole(AriaRole.Heading, new() { Name = "Too many open pages" })).ToBeVisibleAsync();

        await second.CloseAsync();
        await UntilAsync(() => Pages.ConnectionsOf(Alice.Id) < 2 * Most);
        await third.GetByRole(AriaRole.Link, new() { Name = "Load it again" }).ClickAsync();
        await Expect(third.GetByRole(AriaRole.Heading, new() { Name = "Audit trail", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_thousand_circuits_of_one_person_are_capped_and_nobody_else_notices()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        var open = new List<ClientWebSocket>();
        for (var round = 0; round < 20; round++)
        {
            var entered = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => EnterAsync(cookie)));
            open.AddRange(entered.OfType<ClientWebSocket>());
            Assert.InRange(Pages.ConnectionsOf(Alice.Id), 1, 2 * Most);
        }

        var other = await OpenAsync("/", (await AddUserAsync("bob", isAdmin: true)).Id);
        await Expect(other.GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
        open.ForEach(socket => socket.Dispose());
        await UntilAsync(() => Pages.ConnectionsOf(Alice.Id) == 0);
    }

    /// <returns>Null where the server hung up, after the handshake or in it.</returns>
    private async Task<ClientWebSocket?> EnterAsync(string cookie)
    {
        var socket = await ConnectAsync(cookie);
        await ReadAsync(socket);
        await SayAsync(socket, PackWriter.Invocation("1", "ConnectCircuit", "made-up"));
        if (await ReadAsync(socket) is not null)
        {
            return socket;
        }

        socket.Dispose();
        return null;
    }

    [Fact]
    public async Task Who_says_too_much_or_nothing_that_can_be_read_is_disconnected()
    {
        var cookie = await Server.SignInAsync(await UserAsync(), Cancel);
        foreach (var (what, message) in new (string, byte[])[]
        {
            ("more than there is room for", [0xff, 0xff, 0xff, 0x01, .. new byte[2 * 1024 * 1024]]),
            ("length without end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("no array", [0x01, 0xc1]),
            ("an array that is cut", [0x02, 0x96, 0x01]),
            ("a circuit of somebody else", PackWriter.Invocation(null, "OnRenderCompleted", 1L, null)),
        })
        {
            using var socket = await ConnectAsync(cookie);
            Assert.StartsWith("{}", await ReadAsync(socket));
            await SayAsync(socket, message);
            Assert.True(await IsClosedAsync(socket), what);
        }

        using var flood = await ConnectAsync(cookie);
        await ReadAsync(flood);
        var answers = IsClosedAsync(flood);
        for (var i = 0; i < 10_000 && flood.State is WebSocketState.Open; i++)
        {
            await SayAsync(flood, PackWriter.Invocation("1", "ConnectCircuit", "made-up"));
        }

        Assert.True(await answers);
        await UntilAsync(() => Pages.ConnectionsOf(Alice.Id) == 0);
        Assert.Contains(Server.Log.Lines, line => line.Contains("called more often than", StringComparison.Ordinal));
        Assert.DoesNotContain(Server.Log.Lines, line => line.Contains("nhandled", StringComparison.Ordinal));
        await Expect((await OpenAsync("/")).GetByRole(AriaRole.Navigation).First).ToBeVisibleAsync();
    }

    /// <summary>As a page does, and without one.</summary>
    private async Task<ClientWebSocket> ConnectAsync(string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.SetRequestHeader("Origin", Server.Url.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(Server.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancel);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text,
            endOfMessage: true, Cancel);
        return socket;
    }

    /// <summary>Also to a server that has hung up meanwhile.</summary>
    private static async Task SayAsync(ClientWebSocket socket, byte[] message) =>
        await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <returns>Null once it is closed.</returns>
    private static async Task<string?> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var part = await socket.ReceiveAsync(buffer, patience.Token);
            return part.MessageType is WebSocketMessageType.Close ? null : Encoding.Latin1.GetString(buffer, 0, part.Count);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    private static async Task<bool> IsClosedAsync(ClientWebSocket socket)
    {
        while (await ReadAsync(socket) is not null)
        {
            // What was answered before.
        }

        return true;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1_500, "It never came.");
            await Task.Delay(20, Cancel);
        }
    }
}
