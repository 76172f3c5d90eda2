using System.Net;
using System.Text.RegularExpressions;
using Npgsql;

namespace Platz.Tests.Deploy;

public sealed partial class DockerfileTests(ImageFixture images) : IClassFixture<ImageFixture>, IAsyncLifetime
{
    private static readonly string s_server = Environment.GetEnvironmentVariable("PLATZ_TEST_POSTGRES")
        ?? throw new InvalidOperationException("PLATZ_TEST_POSTGRES names no server: run the tests with ./platz test.");

    private readonly string _database = $"dockerfile_{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync() => await OnServerAsync($"CREATE DATABASE {_database}");

    public async ValueTask DisposeAsync() => await OnServerAsync($"DROP DATABASE {_database} WITH (FORCE)");

    [Theory]
    [InlineData("web", "Platz.Web.dll")]
    [InlineData("runner", "Platz.Runner.dll")]
    public void An_image_holds_its_program_and_no_other(string image, string program)
    {
        var files = Directory.GetFiles(images.FolderOf(image)).Select(Path.GetFileName).ToHashSet();

        Assert.Empty(new[] { program, "Platz.Core.dll", "appsettings.json" }.Except(files));
        Assert.DoesNotContain("Platz.Sandbox.dll", files);
        Assert.Single(files, file => file is "Platz.Web.dll" or "Platz.Runner.dll");
    }

    [Fact]
    public async Task The_web_image_serves_from_a_read_only_folder_without_being_root()
    {
        var cancel = TestContext.Current.CancellationToken;
        var before = FilesOf("web");
        await using var web = images.Start("web", new Dictionary<string, string>(Settings)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        });
        var address = await web.SaysAsync(Listening(), cancel);

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{address}/healthz/live"), cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await web.StopAsync(cancel));
        Assert.Equal(before, FilesOf("web"));
    }

    [Fact]
    public async Task The_runner_image_starts_from_a_read_only_folder_and_drains_without_being_root()
    {
        var cancel = TestContext.Current.CancellationToken;
        var before = FilesOf("runner");
        await using var runner = images.Start("runner", Settings);
        await runner.SaysAsync(Started(), cancel);

        Assert.Equal(0, await runner.StopAsync(cancel));
        Assert.Equal(before, FilesOf("runner"));
    }

    private Dictionary<string, string> Settings => new()
    {
        ["ConnectionStrings__Platz"] = new NpgsqlConnectionStringBuilder(s_server) { Database = _database }.ConnectionString,
        ["Secrets__KeyFile"] = Path.Combine(images.WritableFolder, "kek"),
        ["HOME"] = "/nonexistent", // as for a user of a container who was given none
    };

    private string[] FilesOf(string image) =>
        [.. Directory.GetFiles(images.FolderOf(image), "*", SearchOption.AllDirectories).Order()];

    private static async Task OnServerAsync(string statement)
    {
        await using var database = NpgsqlDataSource.Create(s_server);
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex("(Application started)")]
    private static partial Regex Started();
}
