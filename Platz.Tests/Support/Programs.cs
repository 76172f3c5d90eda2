namespace Platz.Tests.Support;

/// <summary>
/// The built programs, each in its own project's folder: beside the tests they would lack what ASP.NET Core brings.
/// </summary>
public static class Programs
{
    private static readonly string s_configuration =
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!);

    public static string Runner { get; } = Of("Platz.Runner");

    public static string Web { get; } = Of("Platz.Web");

    public static string Sandbox { get; } = Of("Platz.Sandbox");

    /// <summary>Its command <c>runner</c> is a runner of no-ops.</summary>
    public static string Chaos { get; } = Of("Platz.Chaos", "bench");

    private static string Of(string project, string folder = "") =>
        Path.Combine(Repository.Root, folder, project, "bin", s_configuration, "net10.0", $"{project}.dll");
}
