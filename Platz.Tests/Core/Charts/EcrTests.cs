using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>Amazon ECR, whose password is asked for with a signed call and holds for some hours.</summary>
public sealed class EcrTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 30, 45, 250, TimeSpan.Zero));
    private FakeEcr _ecr = null!;
    private FakeRegistry _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_password_is_asked_for_with_a_signed_call()
    {
        using var logins = Logins();

        Assert.Equal(new RegistryLogin("AWS", "password-1"), await logins.GetAsync(Cancel));
        Assert.Equal(new RegistryLogin("AWS", "password-1"), await logins.GetAsync(Cancel));
        Assert.Equal(1, _ecr.Issued);
    }

    [Fact]
    public async Task A_wrong_secret_is_found_out_by_the_signature()
    {
        using var logins = Logins(_ => Task.FromResult(
            new ImmutableCredentials(FakeEcr.Identity.AccessKey, "another secret", FakeEcr.Identity.Token)));

        var refused = await RefusedAsync(logins);

        Assert.Equal(RegistryErrorKind.Unauthorized, refused.Kind);
        Assert.Equal(
            $"AWS gives no token for registry {FakeEcr.Host} (400 InvalidSignatureException wrong signature). "
            + "Check the AWS identity of this machine, and that it may ecr:GetAuthorizationToken.",
            refused.Message);
        Assert.DoesNotContain("another secret", refused.ToString());
    }

    [Fact]
    public async Task The_password_is_renewed_well_before_it_expires()
    {
        using var logins = Logins();
        await logins.GetAsync(Cancel);

        _clock.Advance(TimeSpan.FromHours(7.9));
        Assert.Equal("password-1", (await logins.GetAsync(Cancel))!.Password);
        _clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal("password-2", (await logins.GetAsync(Cancel))!.Password);
    }

    [Fact]
    public async Task The_old_password_serves_on_while_ECR_does_not_answer()
    {
        using var logins = Logins();
        await logins.GetAsync(Cancel);
        _ecr.Instead = (503, "");

        _clock.Advance(TimeSpan.FromHours(9));
        Assert.Equal("password-1", (await logins.GetAsync(Cancel))!.Password);
        Assert.Equal("password-1", (await logins.GetAsync(Cancel))!.Password);
        Assert.Equal(2, _server.Requests.Count);

        _clock.Advance(TimeSpan.FromHours(2.6));
        Assert.Equal(RegistryErrorKind.Unreachable, (await RefusedAsync(logins)).Kind);

        _ecr.Instead = null;
        Assert.Equal("password-2", (await logins.GetAsync(Cancel))!.Password);
    }

    [Fact]
    public async Task Many_who_ask_at_once_get_one_password()
    {
        using var logins = Logins();

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => logins.GetAsync(Cancel).AsTask()));

        Assert.Single(all.Distinct());
        Assert.Equal(1, _ecr.Issued);
    }

    [Theory]
    [InlineData(400, """{"__type":"AccessDeniedException","Message":"no\nright"}""", RegistryErrorKind.Unauthorized,
        "(400 AccessDeniedException no right)")]
    [InlineData(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""", RegistryErrorKind.Unreachable,
        ": 400 ThrottlingException Rate exceeded.")]
    [InlineData(403, "<html>", RegistryErrorKind.Unauthorized, "(403)")]
    [InlineData(500, "", RegistryErrorKind.Unreachable, ": 500.")]
    [InlineData(200, "<html>", RegistryErrorKind.Invalid, "something else than a token")]
    [InlineData(200, "{}", RegistryErrorKind.Invalid, "no token")]
    [InlineData(200, """{"authorizationData":[]}""", RegistryErrorKind.Invalid, "no token")]
    [InlineData(200, """{"authorizationData":[{"authorizationToken":"??","expiresAt":1e10}]}""",
        RegistryErrorKind.Invalid, "something else than a token")]
    [InlineData(200, """{"authorizationData":[{"authorizationToken":"QVdTOng=","expiresAt":1000}]}""",
        RegistryErrorKind.Invalid, "expired already")]
    public async Task What_is_wrong_is_said(int status, string body, RegistryErrorKind kind, string detail)
    {
        _ecr.Instead = (status, body);
        using var logins = Logins();

        var refused = await RefusedAsync(logins);

        Assert.Equal(kind, refused.Kind);
        Assert.Contains(FakeEcr.Host, refused.Message);
        Assert.Contains(detail, refused.Message);
    }

    [Fact]
    public async Task A_flood_is_not_read()
    {
        _ecr.Instead = (200, new string(' ', 100_000));
        using var logins = Logins();

        Assert.Contains("far too much", (await RefusedAsync(logins)).Message);
    }

    [Fact]
    public async Task A_machine_without_identity_is_said_so()
    {
        using var logins = Logins(_ => throw new AmazonClientException("Failed to resolve AWS credentials."));

        var refused = await RefusedAsync(logins);

        Assert.StartsWith(
            $"This machine has no AWS identity for registry {FakeEcr.Host}: Failed to resolve AWS credentials.",
            refused.Message);
    }

    [Fact]
    public async Task An_API_that_cannot_be_reached_is_said_so()
    {
        using var logins = Logins();
        await _server.DisposeAsync();

        Assert.StartsWith(
            $"Cannot get a token for registry {FakeEcr.Host} from 127.0.0.1:", (await RefusedAsync(logins)).Message);
    }

    [Fact]
    public async Task The_identity_is_found_where_the_SDK_looks()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", FakeEcr.Identity.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", FakeEcr.Identity.SecretKey);
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", FakeEcr.Identity.Token);
        using var logins = Logins(AwsIdentity.FindAsync);

        Assert.Equal("password-1", (await logins.GetAsync(Cancel))!.Password);
    }

    [Fact]
    public async Task The_registry_is_spoken_to_with_it()
    {
        const string Basic = "Basic QVdTOnBhc3N3b3JkLTE="; // AWS:password-1
        await using var registry = await FakeRegistry.StartAsync(
            context => context.Request.Headers.Authorization == Basic
                ? context.TagsAsync()
                : context.ChallengeAsync("Basic realm=\"r\""),
            tls: true);
        var handler = FakeRegistry.Trusting(RegistryConnection.NewHandler());
        handler.ConnectCallback = async (_, cancel) =>
        {
            var socket = new System.Net.Sockets.TcpClient();
            await socket.ConnectAsync(registry.Root.Host, registry.Root.Port, cancel);
            return socket.GetStream();
        };
        using var client = new OciRegistry(Source(), Logins(), _clock, handler);

        await client.ListTagsAsync("web", Cancel);

        Assert.Equal(["", Basic], registry.Requests.Select(request => request.Authorization));
        Assert.Equal(new RegistryLogin("AWS", "password-1"), await client.LoginAsync(Cancel));
        Assert.Equal(1, _ecr.Issued);
    }

    [Fact]
    public async Task Configured_credentials_come_from_the_same_place()
    {
        var options = new RegistriesOptions
        {
            Sources =
            [
                new RegistrySource { Name = "open", Url = "oci://a.example" },
                new RegistrySource { Name = "closed", Url = "oci://b.example", Username = "u", Password = "s3cret" },
            ],
        };
        using var sources = new RegistrySources(Microsoft.Extensions.Options.Options.Create(options), _clock);

        Assert.Null(await sources.CredentialsAsync("open", Cancel));
        Assert.Null(await sources.CredentialsAsync("unknown", Cancel));
        var login = await sources.CredentialsAsync("closed", Cancel);
        Assert.Equal(("u", "s3cret"), (login!.Username, login.Password));
        Assert.DoesNotContain("s3cret", $"{login}");
    }

    public async ValueTask InitializeAsync()
    {
        _ecr = new FakeEcr(_clock);
        _server = await FakeRegistry.StartAsync(_ecr.AnswerAsync);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private RegistryLogins Logins(AwsIdentity.Find? identity = null) =>
        new(Source(), _clock, identity ?? (_ => Task.FromResult(FakeEcr.Identity)));

    private RegistrySource Source() => new()
    {
        Name = "ecr",
        Url = $"oci://{FakeEcr.Host}/charts",
        Provider = RegistryProvider.Ecr,
        EcrEndpoint = $"{_server.Root}",
    };

    private static Task<RegistryException> RefusedAsync(RegistryLogins logins) =>
        Assert.ThrowsAsync<RegistryException>(() => logins.GetAsync(Cancel).AsTask());
}
