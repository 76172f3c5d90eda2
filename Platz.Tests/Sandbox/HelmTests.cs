using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>Real helm of both majors against the sandbox, beside what it once said to a real cluster.</summary>
public sealed class HelmTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    /// <summary>Situations of the transcripts that need no cluster of their own.</summary>
    private static readonly string[] s_replayed =
    [
        "install succeeds", "upgrade succeeds", "immutable selector", "notes are printed",
        "existing resource conflict on install", "template error: nil pointer", "template error: parse",
        "template error: yaml", "required value missing", "values schema violated", "kind not known to the cluster",
        "uninstall", "uninstall of nothing", "status json", "history json", "hook job failed",
    ];

    [Theory]
    [InlineData("3.18.0")]
    [InlineData("4.1.4")]
    public async Task Ends_and_says_what_it_did_on_a_real_cluster(string version)
    {
        var ns = $"hr{version.Replace(".", "", StringComparison.Ordinal)}";
        await sandbox.CreateNamespaceAsync(ns, Cancel);
        await sandbox.CreateNamespaceAsync(ns.Replace("hr", "hx", StringComparison.Ordinal), Cancel);
        var cases = Recording.Cases("helm-transcripts.json").Where(item => (string?)item["helm"] == version
            && s_replayed.Contains((string?)item["case"])).ToList();

        foreach (var recorded in cases)
        {
            var arguments = recorded["arguments"]!.AsArray().Select(item => Local((string)item!)).ToList();
            var (exitCode, output, error) = await HelmAsync(version, arguments);

            Assert.True(exitCode == (int)recorded["exitCode"]!, $"{recorded["case"]}: {output}{error}");
            Assert.Equal(Lines(recorded["stdout"]), Lines(output));
            Assert.Equal(Lines(recorded["stderr"]), Lines(error));
        }

        Assert.Equal(s_replayed.Length, cases.Count);
    }

    [Theory]
    [InlineData("3.18.0")]
    [InlineData("4.1.4")]
    public async Task Gives_up_waiting_for_what_never_becomes_ready(string version)
    {
        var ns = $"nr{version.Replace(".", "", StringComparison.Ordinal)}";

        var (exitCode, _, error) = await HelmAsync(version, ["upgrade", "--install", "crash",
            Recording.Chart("web-1.0.0"), "-n", ns, "--create-namespace", "--wait", "--timeout", "3s",
            "--set", "cmd=exit 1"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("context deadline exceeded", error);
    }

    [Theory]
    [InlineData("3.18.0")]
    [InlineData("4.1.4")]
    public async Task Rolls_back_to_a_named_revision(string version)
    {
        var ns = $"rb{version.Replace(".", "", StringComparison.Ordinal)}";
        string[] install =
            ["upgrade", "--install", "n", Recording.Chart("notes-1.0.0"), "-n", ns, "--create-namespace"];
        await HelmAsync(version, install);
        await HelmAsync(version, [.. install, "--set", "a=2"]);
        Assert.Equal("2", await ValueAsync(ns));

        var (exitCode, _, error) = await HelmAsync(version, ["rollback", "n", "1", "-n", ns]);

        Assert.True(exitCode == 0, error);
        Assert.Equal("1", await ValueAsync(ns));
    }

    private async Task<string?> ValueAsync(string ns)
    {
        var map = await sandbox.GetAsync($"/api/v1/namespaces/{ns}/configmaps/shared-config", Cancel);
        return (string?)map["data"]?["a"];
    }

    private Task<(int ExitCode, string Output, string Error)> HelmAsync(
        string version, IEnumerable<string> arguments) =>
        Command.RunAsync(HelmBinaries.Of(version[0] - '0'), arguments, new Dictionary<string, string>
        {
            ["KUBECONFIG"] = sandbox.KubeconfigFile,
            ["HOME"] = sandbox.Folder,
        }, Cancel);

    private static string Local(string argument) =>
        argument.StartsWith("charts/", StringComparison.Ordinal) ? Path.Combine(Recording.Folder, argument) : argument;

    /// <summary>The lines that must be the same: no times, no JSON of a release's own history.</summary>
    private static IReadOnlyList<string> Lines(JsonNode? text) =>
        [.. text!.ToString().Split('\n').Where(line => !line.StartsWith("LAST DEPLOYED", StringComparison.Ordinal)
            && !line.StartsWith('{') && !line.StartsWith('['))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
