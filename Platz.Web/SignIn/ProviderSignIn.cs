using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>The code flow with PKCE, state and nonce, against the provider of <see cref="SignInOptions"/>.</summary>
internal sealed class ProviderSignIn(IOptions<SignInOptions> options) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string Scheme = "provider";

    public const string CallbackPath = "/sign-in/callback";

    /// <summary>Keys of ours that a provider knows could sign nothing: asymmetric algorithms alone.</summary>
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(OpenIdConnectOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OpenIdConnectOptions oidc)
    {
        if (name != Scheme || options.Value is not { HasProvider: true } signIn)
        {
            return;
        }

        (oidc.Authority, oidc.ClientId, oidc.ClientSecret) = (signIn.Authority, signIn.ClientId, signIn.Secret);
        oidc.RequireHttpsMetadata = new Uri(signIn.Authority).Scheme == Uri.UriSchemeHttps;
        oidc.SignInScheme = SessionCookie.Scheme;
        oidc.CallbackPath = CallbackPath;
        oidc.ResponseType = OpenIdConnectResponseType.Code;

        // A form post comes from the provider's site: cookies that go with it would have to be Secure, on loopback too.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        (oidc.UsePkce, oidc.SaveTokens, oidc.MapInboundClaims) = (true, false, false);
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.TokenValidationParameters.ValidAlgorithms = s_algorithms;
        oidc.Scope.Clear();
        foreach (var scope in signIn.Scopes.Union(["openid", "profile", "email"], StringComparer.Ordinal))
        {
            oidc.Scope.Add(scope);
        }

        foreach (var claim in new[] { signIn.NameClaim, signIn.EmailClaim, signIn.GroupsClaim, ProviderEvents.EmailVerified })
        {
            oidc.ClaimActions.MapJsonKey(claim, claim);
        }

        foreach (var cookie in new[] { oidc.NonceCookie, oidc.CorrelationCookie })
        {
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        }

        oidc.EventsType = typeof(ProviderEvents);
    }
}

internal static class ProviderServices
{
    public static AuthenticationBuilder AddProvider(this AuthenticationBuilder authentication)
    {
        var services = authentication.Services;
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>();
        services.AddSingleton<ProviderIssuer>();
        services.AddOptions<ProviderOptions>().Configure<ProviderIssuer>(
            (provider, issuer) => provider.IssuersAsync = issuer.FindAsync);
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, ProviderSignIn>();
        services.AddScoped<ProviderEvents>();
        return authentication.AddOpenIdConnect(ProviderSignIn.Scheme, _ => { });
    }

    /// <summary>Without a provider there is no such way in: its handler would refuse to be set up.</summary>
    public static void UseProvider(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.HasProvider)
        {
            app.Services.GetRequiredService<IAuthenticationSchemeProvider>().RemoveScheme(ProviderSignIn.Scheme);
        }
    }
}
