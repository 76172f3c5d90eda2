using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platz.Core.Charts;
using Platz.Tests.Support;
using static Platz.Tests.Core.Charts.RegistryAnswers;

namespace Platz.Tests.Core.Charts;

/// <summary>Lists of tags and repositories, page by page.</summary>
public sealed class RegistryListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tags_are_read_to_the_last_page()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            var size = int.Parse(context.Request.Query["n"]!, CultureInfo.InvariantCulture);
            var from = int.Parse(context.Request.Query["last"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
            var tags = Enumerable.Range(from + 1, Math.Min(size, 120 - from)).ToArray();
            if (tags[^1] < 120)
            {
                context.Response.Headers.Link = $"</v2/web/tags/list?n={size}&last={tags[^1]}>; rel=\"next\"";
            }

            return context.Response.WriteAsJsonAsync(new { name = "web", tags = tags.Select(t => $"{t}") });
        });
        using var registry = new OciRegistry(
            new RegistrySource { Url = $"{server.Root}" }, TimeProvider.System)
        { PageSize = 50 };

        var tags = await registry.ListTagsAsync("web", Cancel);

        Assert.Equal(Enumerable.Range(1, 120).Select(t => $"{t}"), tags);
        Assert.Equal(["/v2/web/tags/list?n=50", "/v2/web/tags/list?n=50&last=50", "/v2/web/tags/list?n=50&last=100"],
            server.Requests.Select(request => request.Path));
    }

    [Theory]
    [InlineData("</v2/web/tags/list?n=100>; rel=\"next\"", "pages never end")]
    [InlineData("<http://evil.example/v2/web/tags/list>; rel=\"next\"", "not on the same host")]
    [InlineData("<//evil.example/v2/web/tags/list>; rel=next", "not on the same host")]
    public async Task Pages_that_lead_astray_are_not_followed(string link, string reason)
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers.Link = link;
            return context.Response.WriteAsync("""{"tags":["1.0.0"]}""");
        });
        using var registry = server.Client();

        var refused = await RefusedAsync(RegistryErrorKind.Invalid, () => registry.ListTagsAsync("web", Cancel));

        Assert.Contains(reason, refused.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Names_that_would_be_options_or_paths_are_left_out()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.Response.WriteAsync(
            """
            {
                "tags": ["1.0.0", "--post-renderer=x", "a b", "../x", null, "1.0.0\n"],
                "repositories": ["web", "../x", "-a", "Web", null]
            }
            """));
        using var registry = server.Client();

        Assert.Equal(["1.0.0"], await registry.ListTagsAsync("web", Cancel));
        Assert.Equal(["web"], await registry.ListRepositoriesAsync(Cancel));
    }

    [Fact]
    public async Task A_registry_without_a_catalogue_is_its_own_one_repository()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
            context.Request.Path == "/v2/team/web/tags/list"
            ? context.Response.WriteAsync("""{"tags":["1.0.0"]}""")
            : context.StatusAsync(404));
        using var registry = server.Client("team/web");
        using var folder = server.Client("team");

        Assert.Equal(["team/web"], await registry.ListRepositoriesAsync(Cancel));
        var refused = await RefusedAsync(RegistryErrorKind.NotFound, () => folder.ListRepositoriesAsync(Cancel));
        Assert.Contains("has no catalogue of repositories", refused.Message);
    }
}
