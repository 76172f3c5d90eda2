using System.Collections.Concurrent;
using Npgsql;

namespace Platz.Tests.Journeys.Planted;

/// <summary>Hears everything that the database tells its listeners.</summary>
internal sealed class Notices : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _heard = [];
    private readonly CancellationTokenSource _end = new();
    private readonly NpgsqlConnection _connection;
    private readonly Task _listening;

    private Notices(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notification += (_, notice) => _heard.Enqueue($"{notice.Channel} {notice.Payload}");
        _listening = ListenAsync();
    }

    public IReadOnlyCollection<string> Heard => _heard;

    public static async Task<Notices> ListenAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        await using var listen = new NpgsqlCommand("LISTEN platz", connection);
        await listen.ExecuteNonQueryAsync(cancel);
        return new Notices(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        await _connection.DisposeAsync();
        _end.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                await _connection.WaitAsync(_end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // nobody asks any more
        }
    }
}
