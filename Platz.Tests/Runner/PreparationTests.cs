using Platz.Tests.Support;

namespace Platz.Tests.Runner;

public sealed class PreparationTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task A_runner_whose_session_is_cut_while_it_starts_tries_again()
    {
        Dictionary<string, string?> settings = new()
        {
            ["ConnectionStrings:Platz"] = ConnectionString,
            ["Secrets:KeyFile"] = KeyFile,
        };
        await using var connection = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using (var block = connection.CreateCommand())
        {
            block.CommandText = """LOCK TABLE "__EFMigrationsHistory" IN ACCESS EXCLUSIVE MODE""";
            await block.ExecuteNonQueryAsync(Cancel);
        }

        const string waiting = "datname = current_database() AND wait_event_type = 'Lock'";
        var starting = RunnerHost.StartAsync(settings, Cancel);
        await UntilAsync($"EXISTS (SELECT FROM pg_stat_activity WHERE {waiting})");
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {waiting}");
        await transaction.RollbackAsync(Cancel);

        await using var runner = await starting;
        Assert.NotNull(runner.Services);
    }
}
