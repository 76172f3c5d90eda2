using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

public sealed class OciRegistryTests(RegistryServer server) : IClassFixture<RegistryServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chart_pushed_by_helm_is_found_and_read()
    {
        await server.PushAsync(Repository.SampleChart("hello-web", "1.0.0"), "helm", Cancel);
        await server.PushAsync(Repository.SampleChart("hello-web", "1.1.0"), "helm", Cancel);
        using var registry = Registry("helm");

        Assert.Equal(["helm/hello-web"], await registry.ListRepositoriesAsync(Cancel));
        Assert.Equal(["1.0.0", "1.1.0"], (await registry.ListTagsAsync("helm/hello-web", Cancel)).Order());
        var manifest = await registry.GetManifestAsync("helm/hello-web", "1.1.0", Cancel);
        Assert.True(manifest.IsChart);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(manifest.CreatedAt!.Value, now.AddMinutes(-5), now);
        var chart = await registry.PullChartAsync("helm/hello-web", manifest, Cancel);
        Assert.Equal(("hello-web", "1.1.0"), (chart.Chart.Name, chart.Chart.Version));
        Assert.Contains("colour: teal", chart.Values);
    }

    [Fact]
    public async Task A_chart_pushed_with_plain_http_is_found_and_read()
    {
        var digest = await server.PushRawAsync(
            "raw/web", "1.0.0", ChartTar.Sound().ToTgz(), OciPush.Config("web", "1.0.0"), Cancel);
        using var registry = Registry("raw");

        Assert.Equal(["1.0.0"], await registry.ListTagsAsync("raw/web", Cancel));
        Assert.Equal(digest, await registry.GetDigestAsync("raw/web", "1.0.0", Cancel));
        var manifest = await registry.GetManifestAsync("raw/web", digest, Cancel);
        Assert.Equal(digest, manifest.Digest);
        Assert.Equal("web", (await registry.PullChartAsync("raw/web", manifest, Cancel)).Chart.Name);
    }

    [Fact]
    public async Task A_tag_pushed_again_has_another_digest()
    {
        var tgz = ChartTar.Sound().ToTgz();
        await server.PushRawAsync("again/web", "1.0.0", tgz, OciPush.Config("web", "1.0.0"), Cancel);
        using var registry = Registry("again");
        var before = await registry.GetDigestAsync("again/web", "1.0.0", Cancel);

        var changed = ChartTar.Sound().File("web/templates/new.yaml", "kind: A").ToTgz();
        var digest = await server.PushRawAsync("again/web", "1.0.0", changed, OciPush.Config("web", "1.0.0"), Cancel);

        Assert.NotEqual(before, digest);
        Assert.Equal(digest, await registry.GetDigestAsync("again/web", "1.0.0", Cancel));
    }

    [Fact]
    public async Task A_deleted_tag_is_listed_no_more()
    {
        var first = await server.PushRawAsync(
            "gone/web", "1.0.0", ChartTar.Sound().ToTgz(), OciPush.Config("web", "1.0.0"), Cancel);
        var second = await server.PushRawAsync(
            "gone/web", "2.0.0", ChartTar.Sound(version: "2.0.0").ToTgz(), OciPush.Config("web", "2.0.0"), Cancel);
        using var registry = Registry("gone");

        await server.DeleteAsync("gone/web", first, Cancel);
        Assert.Equal(["2.0.0"], await registry.ListTagsAsync("gone/web", Cancel));
        await server.DeleteAsync("gone/web", second, Cancel);
        Assert.Empty(await registry.ListTagsAsync("gone/web", Cancel));

        var missing = await Assert.ThrowsAsync<RegistryException>(
            () => registry.GetManifestAsync("gone/web", "1.0.0", Cancel));
        Assert.Equal(RegistryErrorKind.NotFound, missing.Kind);
        Assert.Contains($"registry {server.Host} has no gone/web:1.0.0", missing.Message);
    }

    [Fact]
    public async Task All_tags_of_many_are_listed()
    {
        var config = OciPush.Config("web", "1.0.0");
        var tgz = ChartTar.Sound().ToTgz();
        await server.PushRawAsync("many/web", "0.0.0", tgz, config, Cancel);
        for (var i = 1; i < 120; i++)
        {
            await server.PutManifestAsync(
                "many/web", $"0.0.{i}", OciPush.Manifest(config, tgz), OciPush.ManifestType, Cancel);
        }

        using var registry = Registry("many", pageSize: 50);

        Assert.Equal(120, (await registry.ListTagsAsync("many/web", Cancel)).Count);
    }

    [Fact]
    public async Task Repositories_are_listed_page_by_page_and_only_those_of_the_path()
    {
        for (var i = 0; i < 7; i++)
        {
            await server.PushRawAsync(
                $"paged/web-{i}", "1.0.0", ChartTar.Sound().ToTgz(), OciPush.Config("web", "1.0.0"), Cancel);
        }

        await server.PushRawAsync(
            "paged-not/web", "1.0.0", ChartTar.Sound().ToTgz(), OciPush.Config("web", "1.0.0"), Cancel);
        using var registry = Registry("paged", pageSize: 2);

        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => $"paged/web-{i}"), await registry.ListRepositoriesAsync(Cancel));
    }

    [Fact]
    public async Task What_is_no_chart_is_told_apart()
    {
        var content = "an image's layer"u8.ToArray();
        await server.PushBlobAsync("images/app", content, Cancel);
        await server.PutManifestAsync("images/app", "1.0.0", OciPush.Manifest(content, content,
            "application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip"),
            OciPush.ManifestType, Cancel);
        using var registry = Registry("images");

        var manifest = await registry.GetManifestAsync("images/app", "1.0.0", Cancel);

        Assert.False(manifest.IsChart);
        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => registry.PullChartAsync("images/app", manifest, Cancel));
        Assert.Contains("no Helm chart but application/vnd.oci.image.config.v1+json", refused.Message);
    }

    [Fact]
    public async Task A_chart_that_is_not_what_its_config_says_is_broken()
    {
        await server.PushRawAsync(
            "liar/web", "1.0.0", ChartTar.Sound().ToTgz(), OciPush.Config("web", "6.6.6"), Cancel);
        using var registry = Registry("liar");
        var manifest = await registry.GetManifestAsync("liar/web", "1.0.0", Cancel);

        var broken = await Assert.ThrowsAsync<BrokenChartException>(
            () => registry.PullChartAsync("liar/web", manifest, Cancel));

        Assert.Equal("The config blob names web 6.6.6, Chart.yaml in the archive web 1.0.0.", broken.Message);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("-rf")]
    [InlineData("--post-renderer=x")]
    [InlineData("1.0.0\n")]
    [InlineData("sha256:abc")]
    [InlineData("../../_catalog")]
    [InlineData("")]
    public async Task Nothing_is_asked_for_by_a_name_that_cannot_be_a_tag(string tag)
    {
        using var registry = Registry("raw");

        await Assert.ThrowsAsync<ArgumentException>(() => registry.GetManifestAsync("raw/web", tag, Cancel));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../x")]
    [InlineData("Web")]
    [InlineData("web@sha256")]
    [InlineData("/web")]
    public async Task Nothing_is_asked_for_by_a_name_that_cannot_be_a_repository(string repository)
    {
        using var registry = Registry("raw");

        await Assert.ThrowsAsync<ArgumentException>(() => registry.ListTagsAsync(repository, Cancel));
    }

    private OciRegistry Registry(string path, int pageSize = 100) =>
        new(new RegistrySource { Url = $"http://{server.Host}/{path}" }, TimeProvider.System) { PageSize = pageSize };
}
