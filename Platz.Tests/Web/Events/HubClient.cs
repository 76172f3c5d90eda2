using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;
using Platz.Web.Events;

namespace Platz.Tests.Web.Events;

/// <summary>A client of <c>/hubs/events</c>, with all that it has heard and not been asked for yet.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HubConnection _connection;

    private HubClient(HubConnection connection)
    {
        _connection = connection;
        connection.On<NumberedEvent>("Changed", Note);
        connection.On<EventPosition>("Reset", Note);
        connection.On<EndReason>("Ending", Note);
        connection.Closed += error =>
        {
            _closed.TrySetResult(error);
            return Task.CompletedTask;
        };
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

    public static Task<HubClient> OpenAsync(WebServer server, HttpClient api) =>
        OpenAsync(server, api.DefaultRequestHeaders.GetValues("x-platz-token").Single());

    public static Task<HubClient> OpenAsync(WebServer server, string token) =>
        OpenAsync(server, query: "", ("x-platz-token", token));

    public static async Task<HubClient> OpenAsync(WebServer server, string query, params (string Name, string Value)[] headers)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Url, $"/hubs/events{query}"), options =>
            {
                foreach (var (name, value) in headers)
                {
                    options.Headers[name] = value;
                }
            })
            .AddJsonProtocol(json => json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
            .Build();
        var client = new HubClient(connection);
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    public Task<SubscribeAnswer> SubscribeAsync(EventPosition? after, params Subscription[] to) =>
        _connection.InvokeAsync<SubscribeAnswer>("Subscribe", to, after, TestContext.Current.CancellationToken);

    public Task UnsubscribeAsync(params Subscription[] from) =>
        _connection.InvokeAsync("Unsubscribe", from, TestContext.Current.CancellationToken);

    public async Task<NumberedEvent> HearAsync() => Assert.IsType<NumberedEvent>(await NextAsync());

    public async Task<EventPosition> HearResetAsync() => Assert.IsType<EventPosition>(await NextAsync());

    public async Task<string> HearEndAsync()
    {
        while (true)
        {
            if (await NextAsync() is EndReason reason)
            {
                await Closed;
                return reason.Code;
            }
        }
    }

    /// <summary>Ends the connection.</summary>
    /// <returns>What it has heard and was not asked for.</returns>
    public async Task<List<NumberedEvent>> StopAsync()
    {
        await _connection.StopAsync(TestContext.Current.CancellationToken);
        await Closed; // by then all that has come is noted
        _heard.Writer.Complete();
        return await _heard.Reader.ReadAllAsync(TestContext.Current.CancellationToken).OfType<NumberedEvent>()
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Note(object message) => _heard.Writer.TryWrite(message);

    private async Task<object> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        return await _heard.Reader.ReadAsync(patience.Token);
    }
}
