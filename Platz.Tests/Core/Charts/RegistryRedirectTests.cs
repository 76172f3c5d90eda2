using Microsoft.AspNetCore.Http;
using Platz.Core.Charts;
using Platz.Tests.Support;
using static Platz.Tests.Core.Charts.RegistryAnswers;

namespace Platz.Tests.Core.Charts;

/// <summary>Redirects: where a blob may come from, and what is sent there.</summary>
public sealed class RegistryRedirectTests
{
    private const string Basic = "Basic dXNlcjpzM2NyZXQtcGFzcw=="; // user:s3cret-pass

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_redirected_elsewhere_is_fetched_without_credentials()
    {
        await using var storage = await FakeRegistry.StartAsync(BlobAsync);
        await using var server = await FakeRegistry.StartAsync(Redirecting(digest => $"{storage.Root}blobs/{digest}"));
        using var registry = Registry(server);

        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);
        var chart = await registry.PullChartAsync("web", manifest, Cancel);

        Assert.Equal("web", chart.Chart.Name);
        Assert.Equal(["", ""], storage.Requests.Select(request => request.Authorization));
        Assert.Contains(server.Requests, request => request.Authorization == Basic);
    }

    [Fact]
    public async Task A_storage_that_asks_for_credentials_gets_none()
    {
        await using var storage = await FakeRegistry.StartAsync(context => context.ChallengeAsync("Basic realm=\"r\""));
        await using var server = await FakeRegistry.StartAsync(Redirecting(digest => $"{storage.Root}blobs/{digest}"));
        using var registry = Registry(server);
        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);

        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => registry.PullChartAsync("web", manifest, Cancel));

        Assert.Equal(RegistryErrorKind.Unauthorized, refused.Kind);
        Assert.Equal("", Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task A_redirect_out_of_TLS_is_not_followed()
    {
        await using var storage = await FakeRegistry.StartAsync(BlobAsync);
        await using var server = await FakeRegistry.StartAsync(
            Redirecting(digest => $"{storage.Root}blobs/{digest}"), tls: true);
        using var registry = new OciRegistry(
            Source(server), TimeProvider.System, FakeRegistry.Trusting(RegistryConnection.NewHandler()));
        var manifest = await registry.GetManifestAsync("web", "1.0.0", Cancel);

        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => registry.PullChartAsync("web", manifest, Cancel));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
        Assert.Contains("without TLS", refused.Message);
        Assert.Empty(storage.Requests);
    }

    [Theory]
    [InlineData("/round?and=round", "redirects")]
    [InlineData("file:///etc/passwd", "no web address")]
    [InlineData("http://user:pw@127.0.0.1/", "no web address")]
    public async Task A_redirect_to_nowhere_is_not_followed(string location, string reason)
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        using var registry = Registry(server);

        var refused = await RefusedAsync(RegistryErrorKind.Invalid, registry);

        Assert.Contains(reason, refused.Message);
        Assert.InRange(server.Requests.Count, 1, 6);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.TagsAsync(), tls: true);
        using var registry = Registry(server);

        var refused = await RefusedAsync(RegistryErrorKind.Unreachable, registry);

        Assert.Contains("TLS failed", refused.Message);
        Assert.Empty(server.Requests);
    }

    private static RequestDelegate Redirecting(Func<string, string> target) => context =>
    {
        if (context.Request.Headers.Authorization != Basic)
        {
            return context.ChallengeAsync("Basic realm=\"r\"");
        }

        if (context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
        {
            context.Response.Redirect(target(context.Request.Path.Value.Split('/')[^1]));
            return Task.CompletedTask;
        }

        return context.ManifestAsync(Manifest);
    };

    private static Task BlobAsync(HttpContext context) => context.BytesAsync(
        context.Request.Path.Value!.EndsWith(OciPush.Digest(Tgz), StringComparison.Ordinal) ? Tgz : Config);

    private static RegistrySource Source(FakeRegistry server) => new()
    {
        Url = $"{server.Root}",
        Username = "user",
        Password = "s3cret-pass",
    };

    private static OciRegistry Registry(FakeRegistry server) => new(Source(server), TimeProvider.System);

    private static Task<RegistryException> RefusedAsync(RegistryErrorKind kind, OciRegistry registry) =>
        RegistryAnswers.RefusedAsync(kind, () => registry.ListTagsAsync("web", Cancel));
}
