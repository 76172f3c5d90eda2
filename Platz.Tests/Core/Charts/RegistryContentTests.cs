using System.Text;
using Microsoft.AspNetCore.Http;
using Platz.Core.Charts;
using Platz.Tests.Support;
using static Platz.Tests.Core.Charts.RegistryAnswers;

namespace Platz.Tests.Core.Charts;

/// <summary>Manifests and blobs that are not what they should be.</summary>
public sealed class RegistryContentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manifest_that_is_not_what_its_digest_says_is_refused()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers["Docker-Content-Digest"] = OciPush.Digest(Tgz);
            return context.ManifestAsync(Manifest);
        });
        using var registry = server.Client();

        await RefusedAsync(RegistryErrorKind.Invalid, () => registry.GetManifestAsync("web", "1.0.0", Cancel));
        await RefusedAsync(
            RegistryErrorKind.Invalid, () => registry.GetManifestAsync("web", OciPush.Digest(Config), Cancel));
    }

    [Theory]
    [InlineData("{}", "schema version")]
    [InlineData("not json", "not the JSON")]
    [InlineData("""{"schemaVersion":2,"schemaVersion":2}""", "not the JSON")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"}""", "served as")]
    [InlineData("""{"schemaVersion":2}""", "no config")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a","digest":"md5:0","size":1}}""", "digest")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a","digest":"../../x","size":1}}""", "digest")]
    public async Task A_manifest_that_makes_no_sense_is_refused(string manifest, string reason)
    {
        await using var server = await FakeRegistry.StartAsync(
            context => context.ManifestAsync(Encoding.UTF8.GetBytes(manifest)));
        using var registry = server.Client();

        var refused = await RefusedAsync(
            RegistryErrorKind.Invalid, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Contains(reason, refused.Message);
        Assert.Contains("web:1.0.0", refused.Message);
    }

    [Fact]
    public async Task A_layer_to_be_fetched_from_elsewhere_is_refused()
    {
        var json = Encoding.UTF8.GetString(Manifest).Replace(
            "\"layers\":[{", "\"layers\":[{\"urls\":[\"http://evil.example/x\"],", StringComparison.Ordinal);
        await using var server = await FakeRegistry.StartAsync(
            context => context.ManifestAsync(Encoding.UTF8.GetBytes(json)));
        using var registry = server.Client();

        var refused = await RefusedAsync(
            RegistryErrorKind.Invalid, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Contains("urls", refused.Message);
    }

    [Fact]
    public async Task An_index_is_no_chart_and_is_not_followed()
    {
        const string Index = "application/vnd.oci.image.index.v1+json";
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.ContentType = Index;
            return context.Response.WriteAsync("""{"schemaVersion":2,"manifests":[{"digest":"the index itself"}]}""");
        });
        using var registry = server.Client();

        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);

        Assert.False(manifest.IsChart);
        await RefusedAsync(RegistryErrorKind.Invalid, () => registry.PullChartAsync("web", manifest, Cancel));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manifest_of_a_gigabyte_is_not_read(bool announced)
    {
        await using var server = await FakeRegistry.StartAsync(async context =>
        {
            context.Response.ContentLength = announced ? 1L << 30 : null;
            await context.BytesAsync(new byte[8 << 20]);
            await Task.Delay(Timeout.Infinite, context.RequestAborted); // who reads on waits for ever
        });
        using var registry = server.Client();

        var refused = await RefusedAsync(
            RegistryErrorKind.TooLarge, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Contains("more than 4 MiB for web:1.0.0", refused.Message);
    }

    [Theory]
    [InlineData("another")]
    [InlineData("shorter")]
    [InlineData("longer")]
    public async Task A_blob_that_is_not_what_the_manifest_says_is_refused(string how)
    {
        var wrong = how switch
        {
            "another" => Array.ConvertAll(Tgz, b => (byte)~b),
            "shorter" => Tgz[..^1],
            _ => [.. Tgz, 0],
        };
        await using var server = await FakeRegistry.StartAsync(Serving(wrong));
        using var registry = server.Client();
        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);

        var refused = await RefusedAsync(
            RegistryErrorKind.Invalid, () => registry.PullChartAsync("web", manifest, Cancel));

        Assert.Contains(OciPush.Digest(Tgz), refused.Message);
    }

    [Fact]
    public async Task A_layer_of_10_GB_is_not_even_asked_for()
    {
        var json = Encoding.UTF8.GetString(Manifest)
            .Replace($"\"size\":{Tgz.Length}", "\"size\":10737418240", StringComparison.Ordinal);
        await using var server = await FakeRegistry.StartAsync(Serving(Tgz, Encoding.UTF8.GetBytes(json)));
        using var registry = server.Client();
        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);

        await RefusedAsync(RegistryErrorKind.TooLarge, () => registry.PullChartAsync("web", manifest, Cancel));

        var digest = OciPush.Digest(Tgz);
        Assert.DoesNotContain(server.Requests, request => request.Path.EndsWith(digest, StringComparison.Ordinal));
    }

    private static RequestDelegate Serving(byte[] layer, byte[]? manifest = null) =>
        context => context.Request.Path.Value!.Split('/') switch
        {
            [.., "manifests", _] => context.ManifestAsync(manifest ?? Manifest),
            [.., var digest] when digest == OciPush.Digest(Config) => context.BytesAsync(Config),
            _ => context.BytesAsync(layer),
        };
}
