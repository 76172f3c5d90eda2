using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Chaos.Databases;

/// <summary>A fresh, migrated database on the campaign's server, with the services that write to it.</summary>
internal sealed class ChaosDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _server;

    private ChaosDatabase(string server, string name, string keyFile)
    {
        _server = server;
        (Name, KeyFile) = (name, keyFile);
        ConnectionString = new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            MaxPoolSize = 20, // eight runners and the campaign itself fit into the 200 connections of the server
        }.ConnectionString;
        _services = Again();
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public string KeyFile { get; }

    public NpgsqlDataSource Source => Get<NpgsqlDataSource>();

    public static async Task<ChaosDatabase> CreateAsync(Server server, string folder, CancellationToken cancel)
    {
        var name = $"chaos_{Guid.NewGuid():N}";
        var database = new ChaosDatabase(server.ConnectionString, name, Path.Combine(folder, "kek"));
        await database.OnServerAsync($"CREATE DATABASE {name} TEMPLATE {server.Template ?? "template1"}", cancel);
        await database.Get<Migrator>().MigrateAsync(cancel);
        return database;
    }

    /// <summary>The same services once more, with connections of their own.</summary>
    public ServiceProvider Again()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:Platz", ConnectionString), new("Secrets:KeyFile", KeyFile)]).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging().AddPlatzDatabase(configuration).AddPlatzSecrets();
        return services.BuildServiceProvider();
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<PlatzDb> DbAsync(CancellationToken cancel) =>
        Get<IDbContextFactory<PlatzDb>>().CreateDbContextAsync(cancel);

    public async Task<T> AskAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Ends every session on this database, our own with it.</summary>
    public Task DisconnectAllAsync(CancellationToken cancel) => OnServerAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'", cancel);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await OnServerAsync($"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
    }

    private async Task OnServerAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
