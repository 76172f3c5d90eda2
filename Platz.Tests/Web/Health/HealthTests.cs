using System.Net;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Health;

public sealed class HealthTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task A_served_and_migrated_database_is_ready() => Assert.Equal(
        ("""{"status":"live"}""", """{"status":"ready"}"""),
        (await TextAsync("/healthz/live", HttpStatusCode.OK), await TextAsync("/healthz/ready", HttpStatusCode.OK)));

    [Fact]
    public async Task A_database_behind_the_program_is_not_ready()
    {
        await ExecuteAsync("""DELETE FROM "__EFMigrationsHistory" """);

        Assert.Equal("""{"status":"not ready"}""",
            await TextAsync("/healthz/ready", HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task Without_the_database_the_process_is_live_but_not_ready()
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using var admin = Npgsql.NpgsqlDataSource.Create(
            new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false });
        await using var close = admin.CreateCommand($"""
            ALTER DATABASE "{database}" ALLOW_CONNECTIONS false;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'
            """);
        await close.ExecuteNonQueryAsync(Cancel);

        Assert.Equal("""{"status":"not ready"}""",
            await TextAsync("/healthz/ready", HttpStatusCode.ServiceUnavailable));
        Assert.Equal("""{"status":"live"}""", await TextAsync("/healthz/live", HttpStatusCode.OK));
        var problem = await AnswerAsync(Api.GetAsync("/api/v2/envs", Cancel), HttpStatusCode.ServiceUnavailable);
        Assert.Equal("The database cannot be reached at the moment.", Text(problem, "message"));
    }

    private async Task<string> TextAsync(string path, HttpStatusCode expected)
    {
        using var response = await Anonymous.GetAsync(path, Cancel);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
