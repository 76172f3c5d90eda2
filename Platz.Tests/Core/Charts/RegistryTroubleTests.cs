using Microsoft.AspNetCore.Http;
using Platz.Core.Charts;
using Platz.Tests.Support;
using static Platz.Tests.Core.Charts.RegistryAnswers;

namespace Platz.Tests.Core.Charts;

/// <summary>A registry that is slow, busy, gone, or none at all.</summary>
public sealed class RegistryTroubleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_not_now_is_waited_for()
    {
        var asked = 0;
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "1";
            return ++asked == 1 ? context.StatusAsync(429) : context.ManifestAsync(Manifest);
        });
        using var registry = server.Client();
        var since = TimeProvider.System.GetTimestamp();

        await registry.GetManifestAsync("web", "1.0.0", Cancel);

        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0.9, 20);
    }

    [Fact]
    public async Task A_long_not_now_is_passed_on()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return context.StatusAsync(429);
        });
        using var registry = server.Client();

        var refused = await RefusedAsync(
            RegistryErrorKind.Unreachable, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Equal(TimeSpan.FromHours(1), refused.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_registry_that_says_not_now_for_ever_is_given_up()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return context.StatusAsync(429);
        });
        using var registry = server.Client();

        await RefusedAsync(RegistryErrorKind.Unreachable, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_registry_that_drips_is_given_up_after_the_time_allowed()
    {
        await using var server = await FakeRegistry.StartAsync(async context =>
        {
            while (true)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        using var registry = new OciRegistry(new RegistrySource { Url = $"{server.Root}" }, TimeProvider.System)
        {
            Timeout = TimeSpan.FromSeconds(0.5),
        };

        var refused = await RefusedAsync(
            RegistryErrorKind.Unreachable, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Contains("did not answer for web:1.0.0 within 0.5 s", refused.Message);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_a_time_out()
    {
        await using var server = await FakeRegistry.StartAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var registry = server.Client();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => registry.GetManifestAsync("web", "1.0.0", stop.Token));
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_a_registry_out_of_reach()
    {
        await using var server = await FakeRegistry.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{", Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            context.Abort();
        });
        using var registry = server.Client();

        await RefusedAsync(RegistryErrorKind.Unreachable, () => registry.GetManifestAsync("web", "1.0.0", Cancel));
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_named()
    {
        var server = await FakeRegistry.StartAsync(context => context.StatusAsync(500));
        using var registry = server.Client();
        await server.DisposeAsync();

        var refused = await RefusedAsync(RegistryErrorKind.Unreachable, () => registry.ListTagsAsync("web", Cancel));

        Assert.Equal($"Cannot reach registry {registry.Address.Host} for repository web: "
            + "Connection refused; check the address and that it runs.", refused.Message);
    }

    [Fact]
    public async Task A_registry_without_TLS_is_told_from_one_with()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.StatusAsync(500));
        using var registry = new OciRegistry(
            new RegistrySource { Url = $"oci://{server.Root.Authority}" }, TimeProvider.System);

        var refused = await RefusedAsync(RegistryErrorKind.Unreachable, () => registry.ListTagsAsync("web", Cancel));

        Assert.Contains("write http://", refused.Message);
    }

    [Fact]
    public async Task What_is_no_registry_is_recognised()
    {
        await using var server = await FakeRegistry.StartAsync(
            context => context.Response.WriteAsync("<html>Welcome</html>"));
        using var registry = server.Client();

        var refused = await RefusedAsync(RegistryErrorKind.Invalid, () => registry.ListRepositoriesAsync(Cancel));

        Assert.Contains("Check that the address is that of a registry", refused.Message);
    }

    [Fact]
    public async Task The_words_of_a_registry_are_passed_on_tamed()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            var error = new { code = "UNKNOWN", message = "disk\u001b[2J\n" + new string('x', 500) };
            return context.Response.WriteAsJsonAsync(new { errors = new[] { error } });
        });
        using var registry = server.Client();

        var refused = await RefusedAsync(RegistryErrorKind.Unreachable, () => registry.ListTagsAsync("web", Cancel));

        Assert.Contains("500 UNKNOWN disk", refused.Message);
        Assert.DoesNotContain(refused.Message, char.IsControl);
        Assert.InRange(refused.Message.Length, 0, 400);
    }

    [Fact]
    public async Task What_a_registry_was_asked_with_stands_in_no_error()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            var asked = context.Request.Headers.Authorization.ToString();
            context.Response.StatusCode = asked.Length > 0 ? 403 : 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"charts\"";
            return context.Response.WriteAsJsonAsync(new
            {
                errors = new[] { new { code = "DENIED", message = $"not for open-sesame ({asked})" } },
            });
        });
        var source = new RegistrySource { Url = $"{server.Root}", Username = "user", Password = "open-sesame" };
        using var registry = new OciRegistry(source, TimeProvider.System);

        var refused = await RefusedAsync(
            RegistryErrorKind.Unauthorized, () => registry.GetManifestAsync("web", "1.0.0", Cancel));

        Assert.Contains("DENIED not for ••• (Basic •••)", refused.Message);
    }
}
