using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Platz.Core.Audit;
using Platz.Tests.Support;

namespace Platz.Tests.Web.SignIn;

/// <summary>Answers of a provider that are not in order make no session (security.md 4).</summary>
public sealed class IdTokenTests(PostgresServer postgres) : WebTest(postgres)
{
    private LyingProvider _provider = null!;

    public override async ValueTask InitializeAsync()
    {
        _provider = await LyingProvider.StartAsync(Cancel);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _provider.DisposeAsync();
    }

    protected override Task<WebServer> StartServerAsync() => WebServer.StartAsync(ConnectionString, Cancel, keyFile: KeyFile, settings:
    [
        new("SignIn:Authority", _provider.Authority), new("SignIn:ClientId", IdentityProvider.ClientId),
        new("SignIn:ClientSecret", "x"),
    ]);

    [Fact]
    public async Task An_honest_token_signs_in() => Assert.Equal((HttpStatusCode.OK, 1), await SignInAsync());

    [Theory]
    [InlineData("another audience")]
    [InlineData("another issuer")]
    [InlineData("no signature")]
    [InlineData("signed with the public key as a secret")]
    [InlineData("signed by somebody else")]
    [InlineData("over since an hour")]
    [InlineData("not before tomorrow")]
    [InlineData("another nonce")]
    [InlineData("no nonce")]
    public async Task A_token_with_a_fault_does_not(string fault)
    {
        _provider.Make = token => Spoiled(fault, token);
        Assert.Equal((fault, HttpStatusCode.BadRequest, 0), (fault, (await SignInAsync()).Status, await SessionsAsync()));
    }

    [Fact]
    public async Task Keys_that_nobody_knows_are_not_asked_for_again_and_again()
    {
        using var other = RSA.Create(2048);
        _provider.Make = token =>
        {
            token.SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(other) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256);
            return LyingProvider.Sign(token);
        };
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync()).Status);
        }

        Assert.InRange(_provider.KeyReads, 1, 2);
    }

    [Theory]
    [InlineData("/sign-in/callback")]
    [InlineData("/sign-in/callback?code=x")]
    [InlineData("/sign-in/callback?code=x&state=made-up")]
    public async Task An_answer_to_nobodys_question_is_refused(string address)
    {
        using var answer = await Anonymous.GetAsync(address, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Start again", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.Any(cookie => cookie.StartsWith("platz=", StringComparison.Ordinal)));
        await using var db = await DbAsync();
        var told = Assert.Single(await db.AuditEvents.AsNoTracking().ToListAsync(Cancel), e => e.Action == AuditAction.SignInRefused);
        Assert.Equal((AuditOutcome.Denied, IPAddress.Loopback), (told.Outcome, told.Ip));
    }

    [Fact]
    public async Task An_answer_counts_once_and_in_the_browser_that_asked()
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var browser = new HttpClient(handler) { BaseAddress = Server.Url };
        using var asked = await browser.GetAsync("/sign-in", Cancel);
        using var provided = await browser.GetAsync(asked.Headers.Location, Cancel);
        var back = provided.Headers.Location!;

        using var elsewhere = await Anonymous.GetAsync(back, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
        using var first = await browser.GetAsync(back, Cancel);
        Assert.Equal("/", first.Headers.Location?.ToString());
        using var second = await browser.GetAsync(back, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal(1, await SessionsAsync());
    }

    private static string Spoiled(string fault, SecurityTokenDescriptor token)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var key = (RsaSecurityKey)token.SigningCredentials.Key;
        switch (fault)
        {
            case "another audience":
                token.Audience = "somebody";
                break;
            case "another issuer":
                token.Issuer = "https://evil.example";
                break;
            case "no signature":
                token.SigningCredentials = null;
                break;
            case "signed with the public key as a secret":
                token.SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(Encoding.ASCII.GetBytes(key.Rsa.ExportRSAPublicKeyPem())) { KeyId = "known" },
                    SecurityAlgorithms.HmacSha256);
                break;
            case "signed by somebody else":
                token.SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(RSA.Create(2048)) { KeyId = "known" }, SecurityAlgorithms.RsaSha256);
                break;
            case "over since an hour":
                (token.IssuedAt, token.NotBefore, token.Expires) = (now.AddHours(-2), now.AddHours(-2), now.AddHours(-1));
                break;
            case "not before tomorrow":
                (token.NotBefore, token.Expires) = (now.AddDays(1), now.AddDays(2));
                break;
            case "another nonce":
                token.Claims["nonce"] = "made up";
                break;
            default:
                token.Claims.Remove("nonce");
                break;
        }

        return LyingProvider.Sign(token);
    }

    private async Task<(HttpStatusCode Status, int Sessions)> SignInAsync()
    {
        using var browser = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Server.Url };
        using var answer = await browser.GetAsync("/sign-in", Cancel);
        return (answer.StatusCode, await SessionsAsync());
    }

    private async Task<int> SessionsAsync()
    {
        await using var db = await DbAsync();
        return await db.Sessions.CountAsync(Cancel);
    }
}
