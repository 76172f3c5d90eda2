using Npgsql;

namespace Platz.Bench.Seed;

/// <summary>A large history in a fresh, migrated database; see <c>tasks.sql</c>.</summary>
public static class TaskSeed
{
    /// <summary>The one with <c>big</c> tasks.</summary>
    public static Guid BigDeployment => Deployment(1);

    public static Guid Env(int number) => Id(1, number);

    public static Guid Cluster(int number) => Id(2, number);

    /// <summary>Named <c>Kind</c> and the number.</summary>
    public static Guid Kind(int number) => Id(3, number);

    public static Guid User(int number) => Id(6, number);

    public static Guid Bot(int number) => Id(7, number);

    public static Guid Deployment(int number) => Id(8, number);

    /// <param name="big">How many of the rows one deployment has.</param>
    public static async Task PlantAsync(NpgsqlDataSource database, int rows, int big, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await RunAsync(connection, Read("tasks.sql").Replace("$rows", $"{rows}").Replace("$big", $"{big}"), cancel);
        await RunAsync(connection, "VACUUM (ANALYZE) deployment_tasks", cancel);
        await RunAsync(connection, "ANALYZE", cancel);
    }

    /// <summary>Statements without parameters, however long they take.</summary>
    public static async Task RunAsync(NpgsqlDataSource database, string sql, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await RunAsync(connection, sql, cancel);
    }

    public static string Read(string name)
    {
        using var stream = typeof(TaskSeed).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static Guid Id(int what, int number) => Guid.Parse($"0000000{what}-0000-7000-8000-{number:x12}");
}
