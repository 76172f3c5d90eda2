using Platz.Tests.Support;

namespace Platz.Tests.Web.Api.Sdk;

/// <summary>@platzio/sdk from npm, where <c>./platz test</c> has put it; fetched now where it was not run.</summary>
internal static class SdkPackage
{
    private const string Fetch = """
        set -euo pipefail
        root=$1
        for part in common prerequisites processes; do source "$root/scripts/$part.sh"; done
        fetch_sdk >&2
        sdk_path
        """;

    public static async Task<string> PathAsync(CancellationToken cancel)
    {
        var (code, path, error) = await Command.RunAsync(
            "bash", ["-c", Fetch, "bash", Repository.Root], new Dictionary<string, string>(), cancel);
        Assert.True(code == 0, error);
        return path;
    }
}
