using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>Who gets to see a user name and password, and who does not.</summary>
public sealed class RegistryCredentialsTests
{
    private const string Basic = "Basic dXNlcjpzM2NyZXQtcGFzcw=="; // user:s3cret-pass

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Basic_is_answered_once_asked_for_and_then_unasked()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.Request.Headers.Authorization == Basic
            ? context.TagsAsync()
            : context.ChallengeAsync("Basic realm=\"r\""));
        using var registry = Registry(server);

        await registry.ListTagsAsync("web", Cancel);
        await registry.ListTagsAsync("web", Cancel);

        Assert.Equal(["", Basic, Basic], server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once_and_said_so()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.ChallengeAsync("Basic realm=\"r\""));
        using var registry = Registry(server);

        var refused = await RefusedAsync(RegistryErrorKind.Unauthorized, registry);

        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("Check the user name and password", refused.Message);
        Assert.DoesNotContain("s3cret", refused.ToString());
    }

    [Fact]
    public async Task A_registry_that_wants_credentials_where_there_are_none_is_said_so()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.ChallengeAsync("Basic realm=\"r\""));
        using var registry = new OciRegistry(new RegistrySource { Url = $"{server.Root}" }, TimeProvider.System);

        var refused = await RefusedAsync(RegistryErrorKind.Unauthorized, registry);

        Assert.Contains("Give the registry a user name and password", refused.Message);
    }

    [Fact]
    public async Task A_token_is_fetched_with_the_password_and_used_until_it_expires()
    {
        var issued = 0;
        await using var server = await FakeRegistry.StartAsync(context => context switch
        {
            { Request.Path.Value: "/token" } =>
                context.Response.WriteAsJsonAsync(new { token = $"t{++issued}", expires_in = 300 }),
            { Request.Headers.Authorization: [var sent] } when sent == $"Bearer t{issued}" => context.TagsAsync(),
            _ => context.ChallengeAsync(Bearer($"http://{context.Request.Host}/token", "repository:web:pull")),
        });
        var clock = new FakeTimeProvider();
        using var registry = new OciRegistry(Source(server), clock);

        await registry.ListTagsAsync("web", Cancel);
        await registry.ListTagsAsync("web", Cancel);
        clock.Advance(TimeSpan.FromMinutes(10));
        await registry.ListTagsAsync("web", Cancel);

        Assert.Equal(
            ["", Basic, "Bearer t1", "Bearer t1", "", Basic, "Bearer t2"],
            server.Requests.Select(request => request.Authorization));
        Assert.Contains(server.Requests, r => r.Path == "/token?service=s%26x%3D1&scope=repository%3Aweb%3Apull");
    }

    [Fact]
    public async Task A_token_revoked_before_its_time_is_replaced()
    {
        var valid = "t1";
        await using var server = await FakeRegistry.StartAsync(context => context switch
        {
            { Request.Path.Value: "/token" } =>
                context.Response.WriteAsJsonAsync(new { access_token = valid, expires_in = 300 }),
            { Request.Headers.Authorization: [var sent] } when sent == $"Bearer {valid}" => context.TagsAsync(),
            _ => context.ChallengeAsync(Bearer($"http://{context.Request.Host}/token", "repository:web:pull")),
        });
        using var registry = Registry(server);
        await registry.ListTagsAsync("web", Cancel);

        valid = "t2";

        Assert.Equal(["1.0.0"], await registry.ListTagsAsync("web", Cancel));
    }

    [Fact]
    public async Task A_token_service_that_refuses_is_said_so()
    {
        await using var server = await FakeRegistry.StartAsync(context => context.Request.Path == "/token"
            ? context.ChallengeAsync("Basic realm=\"r\"")
            : context.ChallengeAsync(Bearer($"http://{context.Request.Host}/token", "repository:web:pull")));
        using var registry = Registry(server);

        await RefusedAsync(RegistryErrorKind.Unauthorized, registry);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_challenge_from_another_host_gets_nothing()
    {
        await using var thief = await FakeRegistry.StartAsync(
            context => context.Response.WriteAsJsonAsync(new { token = "t" }));
        await using var server = await FakeRegistry.StartAsync(
            context => context.ChallengeAsync(Bearer($"{thief.Root}token", "repository:web:pull")));
        using var registry = Registry(server);

        var refused = await RefusedAsync(RegistryErrorKind.Invalid, registry);

        Assert.Empty(thief.Requests);
        Assert.Contains(thief.Root.Authority, refused.Message);
        Assert.Contains("AuthHost", refused.Message);
    }

    [Fact]
    public async Task A_token_service_on_another_host_is_asked_once_it_iConfigured()
    {
        await using var tokens = await FakeRegistry.StartAsync(
            context => context.Response.WriteAsJsonAsync(new { token = "t" }));
        await using var server = await FakeRegistry.StartAsync(context =>
            context.Request.Headers.Authorization == "Bearer t"
            ? context.TagsAsync()
            : context.ChallengeAsync(Bearer($"{tokens.Root}token", "repository:web:pull")));
        using var registry = new OciRegistry(Source(server, tokens.Root.Authority), TimeProvider.System);

        await registry.ListTagsAsync("web", Cancel);

        Assert.Equal(Basic, Assert.Single(tokens.Requests).Authorization);
    }

    [Theory]
    [InlineData("https", "http://{0}/token")]
    [InlineData("https", "http://auth.example/token")]
    [InlineData("http", "http://user:pw@{0}/token")]
    [InlineData("http", "file:///etc/passwd")]
    [InlineData("http", "http://{0}.evil.example/token")]
    [InlineData("http", "http://{0}@evil.example/token")]
    [InlineData("http", "/token")]
    public async Task A_realm_that_is_not_the_registry_gets_nothing(string scheme, string realm)
    {
        await using var server = await FakeRegistry.StartAsync(context => context.ChallengeAsync(Bearer(
            string.Format(CultureInfo.InvariantCulture, realm, context.Request.Host), "a")), tls: scheme is "https");
        using var registry = new OciRegistry(
            Source(server), TimeProvider.System, FakeRegistry.Trusting(RegistryConnection.NewHandler()));

        await RefusedAsync(RegistryErrorKind.Invalid, registry);

        Assert.Equal("", Assert.Single(server.Requests).Authorization);
    }

    private static string Bearer(string realm, string scope) =>
        $"Bearer realm=\"{realm}\",service=\"s&x=1\",scope=\"{scope}\"";

    private static RegistrySource Source(FakeRegistry server, string? authHost = null) => new()
    {
        Url = $"{server.Root}",
        Username = "user",
        Password = "s3cret-pass",
        AuthHost = authHost,
    };

    private static OciRegistry Registry(FakeRegistry server) => new(Source(server), TimeProvider.System);

    private static Task<RegistryException> RefusedAsync(RegistryErrorKind kind, OciRegistry registry) =>
        RegistryAnswers.RefusedAsync(kind, () => registry.ListTagsAsync("web", Cancel));
}
