namespace Platz.Tests.Support;

/// <summary>The two helm majors the tests run, where <c>./platz</c> unpacks them or where the environment names them.</summary>
public static class HelmBinaries
{
    public static string Helm3 { get; } = Find("PLATZ_HELM3", "helm-3.18.0");

    public static string Helm4 { get; } = Find("PLATZ_HELM4", "helm-4.1.4");

    public static string Of(int major) => major == 3 ? Helm3 : Helm4;

    private static string Find(string variable, string folder)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return named;
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var tools = Environment.GetEnvironmentVariable("PLATZ_TOOLS") is { Length: > 0 } given
            ? given
            : Path.Combine(cache, "platz");
        return Path.Combine(tools, folder, "helm");
    }
}
