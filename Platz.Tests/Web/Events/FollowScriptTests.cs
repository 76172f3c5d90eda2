using System.Diagnostics;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Events;

/// <summary>What docs/api.md shows of the hub of events, run as it would be, with the client from npm.</summary>
public sealed class FollowScriptTests(PostgresServer postgres) : WebTest(postgres)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static string Script => Path.Combine(Repository.Root, "samples", "events", "follow.mjs");

    [Fact]
    public async Task A_program_follows_tasks_over_a_restart_until_its_token_is_revoked()
    {
        using var folder = new TempFolder();
        var script = folder.File("follow.mjs");
        File.Copy(Script, script);
        Directory.CreateSymbolicLink(
            folder.File("node_modules"), Path.Combine(await NpmClients.PathAsync(Cancel), "node_modules"));
        using var program = Command.Start("node", [script], new Dictionary<string, string>
        {
            ["PLATZ_URL"] = Server.Url.ToString().TrimEnd('/'),
            ["PLATZ_TOKEN"] = Api.DefaultRequestHeaders.GetValues("x-platz-token").Single(),
        });

        try
        {
            await FollowAsync(program);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public async Task The_documentation_shows_the_script_as_it_is()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"), Cancel);

        Assert.Contains($"```js\n{await File.ReadAllTextAsync(Script, Cancel)}```", page, StringComparison.Ordinal);
    }

    private async Task FollowAsync(Process program)
    {
        Assert.Equal("all tasks", await LineAsync(program.StandardOutput));
        var deployment = await AddDeploymentAsync();
        Assert.Equal($"INSERT {await EnqueueAsync(deployment)}", await LineAsync(program.StandardOutput));

        await RestartServerAsync(() => Task.CompletedTask);
        while (await LineAsync(program.StandardOutput) is not "all tasks")
        {
            // What else becomes of the task.
        }

        Assert.Equal($"INSERT {await EnqueueAsync(deployment)}", await LineAsync(program.StandardOutput));
        await ExecuteAsync("UPDATE users SET is_active = false");
        await program.WaitForExitAsync(Cancel).WaitAsync(s_patience, Cancel);
        Assert.Equal(1, program.ExitCode);
        Assert.EndsWith("The token or session is not valid any more.\n", await program.StandardError.ReadToEndAsync(Cancel));
    }

    private static Task<string?> LineAsync(StreamReader output) =>
        output.ReadLineAsync(Cancel).AsTask().WaitAsync(s_patience, Cancel);
}
