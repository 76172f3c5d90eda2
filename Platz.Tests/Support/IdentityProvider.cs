using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platz.Tests.Support;

/// <summary>A real OpenID Connect provider, on a port of its own choice; whoever comes is <see cref="Person"/>.</summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    /// <summary>As large ones do, it names itself otherwise than by its address.</summary>
    public const string Issuer = "https://keyring.test/main/";

    public const string ClientId = "platz";
    public const string ClientSecret = "a secret of platz and its provider";

    /// <summary>One for all: an ephemeral one is of 4,096 bits, which takes seconds to find, and two are needed.</summary>
    private static readonly RsaSecurityKey s_key = new(RSA.Create(2048)) { KeyId = "keyring" };

    private readonly WebApplication _app;

    private IdentityProvider(WebApplication app) => _app = app;

    public string Authority => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
        .Addresses.Single();

    /// <summary>Who signs in there.</summary>
    public Person Person { get; set; } = new("1", "Grace Hopper", "grace@example.org");

    public static async Task<IdentityProvider> StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        IdentityProvider provider = null!;
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(Issuer);
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEncryptionKey(s_key).AddSigningKey(s_key);
            server.RegisterScopes(Scopes.Profile, Scopes.Email);
            server.EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return ValueTask.CompletedTask;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientSecret != ClientSecret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return ValueTask.CompletedTask;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (provider.Person.SaysNo)
                {
                    context.Reject(Errors.AccessDenied);
                }
                else
                {
                    context.Principal = provider.Person.Principal(context.Request.GetScopes());
                }

                return ValueTask.CompletedTask;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        provider = new IdentityProvider(app);
        await app.StartAsync(cancel);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <param name="Email">Null: the provider does not tell.</param>
public sealed record Person(string Subject, string Name, string? Email, bool IsVerified = true, params string[] Groups)
{
    /// <summary>To being known to Platz.</summary>
    public bool SaysNo { get; init; }

    public ClaimsPrincipal Principal(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, Subject).SetClaim(Claims.Name, Name).SetClaim(Claims.Email, Email)
            .SetClaim(Claims.EmailVerified, IsVerified).SetClaims("groups", [.. Groups]);
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }
}
