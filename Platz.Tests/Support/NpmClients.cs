namespace Platz.Tests.Support;

/// <summary>
/// The clients from npm that tests drive, where <c>./platz test</c> has put them; fetched now where it was not run.
/// </summary>
internal static class NpmClients
{
    private const string Fetch = """
        set -euo pipefail
        root=$1
        for part in common prerequisites processes; do source "$root/scripts/$part.sh"; done
        fetch_clients >&2
        clients_path
        """;

    public static async Task<string> PathAsync(CancellationToken cancel)
    {
        var (code, path, error) = await Command.RunAsync(
            "bash", ["-c", Fetch, "bash", Repository.Root], new Dictionary<string, string>(), cancel);
        Assert.True(code == 0, error);
        return path;
    }
}
