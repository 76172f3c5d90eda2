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
        await CutDatabaseAsync();

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
