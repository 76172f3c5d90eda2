using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>The charts of the demo, as both majors of helm see them.</summary>
public sealed class SampleChartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Charts { get; } =
    [
        .. from helm in (string[])[HelmBinaries.Helm3, HelmBinaries.Helm4]
           from chart in Directory.GetFiles(Repository.SampleCharts, "Chart.yaml", SearchOption.AllDirectories)
           let parts = Path.GetRelativePath(Repository.SampleCharts, chart).Split('/')
           select (helm, parts[0], parts[1]),
    ];

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task Each_is_clean_and_renders_once_its_config_is_whole(string helm, string name, string version)
    {
        var folder = Repository.SampleChart(name, version);

        Assert.Contains("0 chart(s) failed", await Helm.RunAsync(helm, ["lint", folder], Cancel));
        Assert.Contains("kind: ", await Helm.RunAsync(
            helm, ["template", "one", folder, "--set", "config.owner=us"], Cancel));
    }

    [Fact]
    public async Task The_broken_one_says_what_it_lacks()
    {
        var folder = Repository.SampleChart("broken-template", "1.0.0");

        var (exitCode, _, errors) = await Helm.TryAsync(HelmBinaries.Helm3, ["template", "one", folder], Cancel);

        Assert.Equal(1, exitCode);
        Assert.Contains("config.owner is missing: say which team is paged", errors);
    }

    [Fact]
    public async Task The_web_page_follows_its_config_and_cannot_be_broken_out_of()
    {
        var rendered = await Helm.RunAsync(HelmBinaries.Helm3, [
            "template", "one", Repository.SampleChart("hello-web", "1.1.0"),
            "--set", "config.message=<script>,config.replicas=3,ingress.enabled=true,ingress.hosts[0].host=web.example",
            "--set", "ingress.hosts[0].paths[0].path=/,ingress.hosts[0].paths[0].pathType=Prefix",
            "--set", "nodeSelector.disk=fast"], Cancel);

        Assert.Contains("replicas: 3", rendered);
        Assert.Contains("&lt;script&gt;</h1>", rendered);
        Assert.Contains("host: \"web.example\"", rendered);
        Assert.Contains("disk: fast", rendered);
    }

    [Fact]
    public async Task The_slow_one_tells_the_sandbox_how_slow()
    {
        var rendered = await Helm.RunAsync(
            HelmBinaries.Helm3, ["template", "one", Repository.SampleChart("slow-start", "1.0.0")], Cancel);

        Assert.Contains("sandbox.platz.io/seconds: \"12\"", rendered);
        Assert.Contains("sandbox.platz.io/log-lines: \"40\"", rendered);
        Assert.Contains("helm.sh/hook-output-log-policy: hook-succeeded,hook-failed", rendered);
    }
}
