using System.Globalization;
using Npgsql;

namespace Platz.Bench.Peers;

/// <summary>An empty database for another queue, which makes its own tables there. It plans as ours does.</summary>
internal sealed class PeerDatabase : IAsyncDisposable
{
    private const string Name = "bench_peer";

    private readonly NpgsqlConnectionStringBuilder _server = new(BenchArguments.Server);

    private PeerDatabase()
    {
    }

    /// <summary>Where it is, as PostgreSQL's own clients read it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Environment =>
    [
        new("PGHOST", _server.Host), new("PGPORT", _server.Port.ToString(CultureInfo.InvariantCulture)),
        new("PGUSER", _server.Username), new("PGPASSWORD", _server.Password), new("PGDATABASE", Name),
    ];

    public static async Task<PeerDatabase> CreateAsync(CancellationToken cancel)
    {
        var database = new PeerDatabase();
        await BenchDatabase.ServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", cancel);
        await BenchDatabase.ServerAsync($"CREATE DATABASE {Name}", cancel);
        await BenchDatabase.ServerAsync($"ALTER DATABASE {Name} SET random_page_cost = 1.1", cancel);
        await BenchDatabase.ServerAsync($"ALTER DATABASE {Name} SET jit = off", cancel);
        return database;
    }

    /// <summary>What the enqueueing left for the background is done.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        var here = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = Name, Pooling = false };
        await using var connection = new NpgsqlConnection(here.ConnectionString);
        await connection.OpenAsync(cancel);
        foreach (var sql in new[] { "VACUUM (ANALYZE)", "CHECKPOINT" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync() =>
        await BenchDatabase.ServerAsync($"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
}
