using System.Globalization;

namespace Platz.Runner.Helm;

/// <summary>Helm's argument lists: no shell in between, and no value on the command line (contract 2.5).</summary>
internal static class HelmCommand
{
    /// <summary>Where the Secret with values, override and credentials is mounted.</summary>
    public const string Files = "/platz";

    public static string[] Upgrade(string release, HelmChart chart, Guid taskId, TimeSpan timeout) =>
    [
        "upgrade", release, chart.Reference,
        "--install", "--reset-values",
        "--version", chart.Version,
        "--values", $"{Files}/values.yaml",
        "--values", $"{Files}/override.yaml",
        "--description", $"Platz task {taskId}",
        "--labels", $"{HelmRelease.TaskLabel}={taskId}",
        .. Wait(timeout),
        .. Connection(release),
        "--registry-config", $"{Files}/registry.json",
        .. chart.PlainHttp ? ["--plain-http"] : Array.Empty<string>(),
    ];

    public static string[] Uninstall(string release, TimeSpan timeout) =>
        ["uninstall", release, "--ignore-not-found", .. Wait(timeout), .. Connection(release)];

    /// <summary>The revision is always named: without it Helm goes back to the last one, failed or not.</summary>
    public static string[] Rollback(string release, int revision, TimeSpan timeout) =>
    [
        "rollback", release, revision.ToString(CultureInfo.InvariantCulture),
        "--timeout", Seconds(timeout), .. Connection(release),
    ];

    private static string[] Wait(TimeSpan timeout) => ["--wait", "--timeout", Seconds(timeout)];

    private static string[] Connection(string release) =>
        ["--namespace", release, "--kubeconfig", $"{Files}/kubeconfig"];

    private static string Seconds(TimeSpan time) =>
        $"{((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture)}s";
}

/// <param name="Reference"><c>oci://host/repository</c>.</param>
/// <param name="Version">The chart's version; a tag writes its <c>+</c> as <c>_</c>.</param>
internal sealed record HelmChart(string Reference, string Version, bool PlainHttp)
{
    public static HelmChart Of(Core.Catalog.Registry registry, Core.Charts.Chart chart) => new(
        $"oci://{registry.DomainName}/{registry.RepoName}", chart.ImageTag.Replace('_', '+'), registry.PlainHttp);
}
