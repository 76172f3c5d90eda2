using System.Net.WebSockets;
using System.Text;

namespace Platz.Tests.Web.Events;

/// <summary>A client of <c>/api/v2/ws</c>.</summary>
internal static class EventClient
{
    public static void Offer(ClientWebSocket socket, string? token)
    {
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
        {
            socket.Options.AddSubProtocol("platz-auth-bearer");
            socket.Options.AddSubProtocol(token);
        }
    }

    public static Task SayAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <returns>The next event that is none of the tests themselves's.</returns>
    public static async Task<string> HearAsync(ClientWebSocket socket)
    {
        while (true)
        {
            if (await ReadAsync(socket) is var text && !IsProbe(text))
            {
                return text;
            }
        }
    }

    public static bool IsProbe(string text) => text.Contains("\"helm_tag_formats\"", StringComparison.Ordinal);

    public static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var part = await socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, part.Count);
    }

    public static async Task<WebSocketCloseStatus?> EndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await socket.ReceiveAsync(buffer, patience.Token)).MessageType is not WebSocketMessageType.Close)
        {
            // What was told before.
        }

        return socket.CloseStatus;
    }
}
