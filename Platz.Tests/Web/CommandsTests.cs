using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web;

/// <summary>The program as its users start it: a process of its own.</summary>
public sealed class CommandsTests(PostgresServer postgres) : DatabaseTest(postgres), IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_commands_print_their_answer_and_nothing_else()
    {
        var token = await RunAsync("token", "--name", "laptop");
        var link = await RunAsync("sign-in-link");
        var migrate = await RunAsync("migrate");

        Assert.Equal((0, 0, 0), (token.ExitCode, link.ExitCode, migrate.ExitCode));
        Assert.Matches($"^{TokenText.Pattern}\n$", token.Output);
        Assert.Matches("^/sign-in/[A-Za-z0-9_-]{43}\n$", link.Output);
        Assert.Equal(("", ""), (migrate.Output, migrate.Error));
        Assert.DoesNotContain(token.Output.Trim(), token.Error);
        await using var db = await DbAsync();
        var stored = await db.ApiTokens.SingleAsync(Cancel);
        Assert.Equal("laptop", stored.Name);
        Assert.Equal(LocalAdmin.Email, (await db.Users.SingleAsync(u => u.Id == stored.UserId, Cancel)).Email);
    }

    [Fact]
    public async Task A_database_without_a_schema_is_migrated_by_the_first_command()
    {
        await ExecuteAsync("DROP SCHEMA public CASCADE");
        await ExecuteAsync("CREATE SCHEMA public");

        Assert.Equal(new Result(0, "", ""), await RunAsync("migrate"));

        await using var db = await DbAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
    }

    [Theory]
    [InlineData("no database", "ConnectionStrings__Platz", "", "No database is configured")]
    [InlineData("unreadable setting", "ConnectionStrings__Platz", "Hots=x", "ConnectionStrings:Platz cannot be read")]
    [InlineData("nobody there", "ConnectionStrings__Platz", "Host=127.0.0.1;Port=1", "The database cannot be reached")]
    [InlineData("no key file", "Secrets__KeyFile", "", "No key file is configured")]
    [InlineData("key file out of reach", "Secrets__KeyFile", "/proc/keys-of-platz", "cannot be created")]
    public async Task A_bad_setting_is_told_in_one_line(string _, string setting, string value, string expected)
    {
        var result = await RunAsync(new Dictionary<string, string> { [setting] = value }, "token");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("platz: ", result.Error);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_missing_database_is_told_at_once()
    {
        var missing = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "nowhere" }.ConnectionString;

        var result = await RunAsync(new Dictionary<string, string> { ["ConnectionStrings__Platz"] = missing });

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("platz: The database refuses: database \"nowhere\" does not exist (3D000).\n", result.Error);
    }

    [Fact]
    public async Task The_key_file_of_another_database_is_told_at_once()
    {
        await RunAsync("migrate");

        var result = await RunAsync(
            new Dictionary<string, string> { ["Secrets__KeyFile"] = _folder.File("other") }, "token");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("platz: The value of settings/api_token_pepper", result.Error);
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("token", "--name")]
    [InlineData("token", "--name", "")]
    [InlineData("migrate", "now")]
    [InlineData("verify-audit", "--heads")]
    public async Task A_command_that_does_not_exist_shows_those_that_do(params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("Usage: Platz.Web", result.Error);
    }

    [Theory]
    [InlineData("taken", "address already in use")]
    [InlineData("http://127.0.0.1:99999", "Cannot listen on http://127.0.0.1:99999")]
    [InlineData("http://192.0.2.1:8080", "Cannot listen on http://192.0.2.1:8080")]
    [InlineData("https://127.0.0.1:0", "No server certificate")]
    [InlineData("nonsense", "Cannot listen on nonsense: Invalid url")]
    public async Task A_bad_address_is_told_in_one_line(string url, string expected)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        url = url == "taken" ? $"http://{taken.LocalEndpoint}" : url;

        var result = await RunAsync(new Dictionary<string, string> { ["ASPNETCORE_URLS"] = url });

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("platz: Cannot listen on ", result.Error);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.DoesNotContain("   at ", result.Output);
    }

    [Fact]
    public async Task It_serves_until_it_is_told_to_stop_and_then_ends_within_five_seconds()
    {
        var settings = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Limits__OpenPages"] = "7" };
        using var process = Start(settings, []);
        try
        {
            var url = await ListeningUrlAsync(process);
            using var client = new HttpClient { BaseAddress = url };
            Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/healthz/ready", Cancel));

            var began = Stopwatch.GetTimestamp();
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Cancel);

            Assert.Equal(0, process.ExitCode);
            await using var db = await DbAsync();
            Assert.Equal(
                "Limits:OpenPages", (await db.AuditEvents.SingleAsync(e => e.Action == AuditAction.SettingChanged, Cancel)).SubjectName);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task<Uri> ListeningUrlAsync(Process process)
    {
        const string Listening = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new Uri(line[(at + Listening.Length)..].Trim());
            }
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancel));
    }

    private Task<Result> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private async Task<Result> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        using var process = Start(settings, arguments);
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return new Result(process.ExitCode, await output, await error);
    }

    private Process Start(Dictionary<string, string> settings, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Platz.Web.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Platz"] = ConnectionString;
        start.Environment["Secrets__KeyFile"] = _folder.File("keys");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private sealed record Result(int ExitCode, string Output, string Error);
}
