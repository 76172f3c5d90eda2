using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;
using Platz.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Platz.Tests.Support;

/// <summary>
/// A real PostgreSQL: the one that <c>PLATZ_TEST_POSTGRES</c> names, else one of its own. The schema is migrated once,
/// into a template; every test then works in its own copy of it.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _template = $"platz_template_{Guid.NewGuid():N}";
    private PrivatePostgres? _own;
    private NpgsqlConnectionStringBuilder _server = [];

    /// <summary>The server, for tests that start processes of their own against it.</summary>
    public string ServerConnectionString => _server.ConnectionString;

    /// <summary>The migrated database that the others are copies of.</summary>
    public string Template => _template;

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable("PLATZ_TEST_POSTGRES");
        if (string.IsNullOrEmpty(given))
        {
            _own = await PrivatePostgres.StartAsync();
            given = _own.ConnectionString;
        }

        _server = new NpgsqlConnectionStringBuilder(given) { Pooling = false };
        await ExecuteAsync($"CREATE DATABASE {_template}");
        var options = new DbContextOptionsBuilder<PlatzDb>();
        await using var source = Database.Connect(ConnectionTo(_template));
        options.Use(source);
        await using var db = new PlatzDb(options.Options);
        await db.Database.MigrateAsync();
    }

    /// <summary>A migrated database of one's own; <see cref="DropDatabaseAsync"/> takes it away.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"platz_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {_template} STRATEGY FILE_COPY");
        return new NpgsqlConnectionStringBuilder(ConnectionTo(name)) { Pooling = true }.ConnectionString;
    }

    /// <summary>One without any table, for tests of the migrations themselves.</summary>
    public async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = $"platz_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP DATABASE {_template} WITH (FORCE)");
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
