using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platz.Tests.Support;

/// <summary>Speaks the protocol of a provider, but says in its tokens what a test wants.</summary>
public sealed class LyingProvider : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _nonces = new();
    private readonly WebApplication _app;

    private LyingProvider(WebApplication app) => _app = app;

    public string Authority => _app.Urls.Single();

    public RsaSecurityKey Key { get; } = new(RSA.Create(2048)) { KeyId = "known" };

    /// <summary>Makes a token out of what an honest one would say.</summary>
    public Func<SecurityTokenDescriptor, string> Make { get; set; } = descriptor => Sign(descriptor);

    /// <summary>How often the keys were asked for.</summary>
    public int KeyReads { get; private set; }

    public static string Sign(SecurityTokenDescriptor descriptor) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);

    public static async Task<LyingProvider> StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new LyingProvider(app);
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = provider.Authority,
            authorization_endpoint = $"{provider.Authority}/authorize",
            token_endpoint = $"{provider.Authority}/token",
            jwks_uri = $"{provider.Authority}/keys",
        });
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync(cancel);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private object Keys()
    {
        KeyReads++;
        var key = Key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA", use = "sig", kid = Key.KeyId,
                    n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent),
                },
            },
        };
    }

    private IResult Authorize(HttpRequest request)
    {
        var code = $"{Guid.NewGuid()}";
        _nonces[code] = request.Query["nonce"].ToString();
        return Results.Redirect($"{request.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(request.Query["state"]!)}");
    }

    private async Task<object> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new
        {
            access_token = "opaque",
            token_type = "Bearer",
            id_token = Make(new SecurityTokenDescriptor
            {
                Issuer = Authority,
                Audience = IdentityProvider.ClientId,
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddMinutes(5),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = "1",
                    ["name"] = "Grace Hopper",
                    ["email"] = "grace@example.org",
                    ["nonce"] = _nonces.GetValueOrDefault(form["code"].ToString(), ""),
                },
                SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
            }),
        };
    }
}
