using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Bench;

/// <summary>A fresh, migrated database on the bench's server, with the services that read and write it.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _dropped;

    private BenchDatabase(string name, bool isKept)
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(BenchArguments.Server) { Database = name }.ConnectionString;
        _dropped = isKept ? null : name;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Platz", ConnectionString), new("Secrets:KeyFile", KeyFile)]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging().AddPlatzDatabase(configuration).AddPlatzSecrets();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Of the key that encrypts secrets; whoever uses it makes it.</summary>
    public static string KeyFile { get; } = Path.Combine(Path.GetTempPath(), $"platz-bench-{Environment.ProcessId}.key");

    public string ConnectionString { get; }

    public NpgsqlDataSource Source => Get<NpgsqlDataSource>();

    public IDbContextFactory<PlatzDb> Databases => Get<IDbContextFactory<PlatzDb>>();

    public static async Task<BenchDatabase> CreateAsync(string name, CancellationToken cancel)
    {
        await ServerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancel);
        await ServerAsync($"CREATE DATABASE {name}", cancel);
        var database = new BenchDatabase(name, isKept: false);
        await database.Get<Migrator>().MigrateAsync(cancel);
        return database;
    }

    /// <summary>One that is there, and is kept.</summary>
    public static BenchDatabase Open(string name) => new(name, isKept: true);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<string> AskAsync(string sql, CancellationToken cancel)
    {
        await using var command = Source.CreateCommand(sql);
        return Convert.ToString(
            await command.ExecuteScalarAsync(cancel), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        File.Delete(KeyFile);
        if (_dropped is not null)
        {
            await ServerAsync($"DROP DATABASE {_dropped} WITH (FORCE)", CancellationToken.None);
        }
    }

    public static async Task ServerAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(BenchArguments.Server);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
