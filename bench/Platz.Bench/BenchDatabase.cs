using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Bench.Seed;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Bench;

/// <summary>A migrated database on the bench's server, with the services that read and write it.</summary>
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
        await MakeAsync(name, cancel);
        var database = new BenchDatabase(name, isKept: false);
        await database.Get<Migrator>().MigrateAsync(cancel);
        return database;
    }

    /// <summary>
    /// With a history of tasks and their phases. One that is <paramref name="named"/> is kept, and used as it is if it is
    /// there: ten million tasks take long to plant.
    /// </summary>
    /// <param name="big">How many of the tasks one deployment has.</param>
    public static async Task<BenchDatabase> PlantedAsync(
        string? named, string usual, int tasks, int big, CancellationToken cancel)
    {
        if (named is null)
        {
            var database = await CreateAsync(usual, cancel);
            await PlantAsync(database, tasks, big, cancel);
            return database;
        }

        if (!await IsThereAsync(named, cancel))
        {
            var growing = named + "_growing"; // a planting that was broken off is not taken for a whole one
            await MakeAsync(growing, cancel);
            await using (var database = new BenchDatabase(growing, isKept: true))
            {
                await database.Get<Migrator>().MigrateAsync(cancel);
                await PlantAsync(database, tasks, big, cancel);
            }

            await ServerAsync($"ALTER DATABASE {Quoted(growing)} RENAME TO {Quoted(named)}", cancel);
        }

        var planted = new BenchDatabase(named, isKept: true);
        await planted.Get<Migrator>().MigrateAsync(cancel);
        return planted;
    }

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
            await ServerAsync($"DROP DATABASE {Quoted(_dropped)} WITH (FORCE)", CancellationToken.None);
        }
    }

    private static async Task MakeAsync(string name, CancellationToken cancel)
    {
        await ServerAsync($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancel);
        await ServerAsync($"CREATE DATABASE {Quoted(name)}", cancel);
    }

    private static async Task PlantAsync(BenchDatabase database, int tasks, int big, CancellationToken cancel)
    {
        Console.WriteLine($"Planting {tasks:N0} tasks, of which one deployment has {big:N0}");
        await TaskSeed.PlantAsync(database.Source, tasks, big, cancel);
        await TaskSeed.RunAsync(database.Source, TaskSeed.Read("phases.sql"), cancel);
    }

    private static string Quoted(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private static async Task<bool> IsThereAsync(string name, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(BenchArguments.Server);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    public static async Task ServerAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(BenchArguments.Server);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
