using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Platz.Web.Events;
using Platz.Web.SignIn;

namespace Platz.Web.Api;

/// <summary>Signs a request in by its API token; the session cookie means nothing here.</summary>
internal sealed class ApiTokenScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder urls, BearerTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, urls)
{
    public const string Name = "token";

    private const string Header = "x-platz-token";
    private const string Bearer = "Bearer ";

    /// <summary>Looks at the token of a request once more, for what goes on for long after its beginning.</summary>
    public static async Task<bool> IsStillValidAsync(HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var again = ActivatorUtilities.CreateInstance<ApiTokenScheme>(context.RequestServices); // the first one remembers
        await again.InitializeAsync((await schemes.GetSchemeAsync(Name))!, context);
        return (await again.AuthenticateAsync()).Succeeded;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Text() is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.FindAsync(
            text, Context.Connection.RemoteIpAddress, Context.RequestAborted) is not { } holder)
        {
            return AuthenticateResult.Fail("This is no token that is valid now.");
        }

        var user = new ClaimsPrincipal(SignedIn.Identity(holder.Actor, holder.IsAdmin, Name));
        return AuthenticateResult.Success(new AuthenticationTicket(user, Name));
    }

    /// <summary>One answer for every kind of bad token: it must not tell which are real.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"platz\"";
        return ApiProblem.For(StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiProblem.For(StatusCodes.Status403Forbidden).ExecuteAsync(Context);

    /// <summary>Whether a request comes with a token, good or bad.</summary>
    public static bool Brings(HttpRequest request) => TextOf(request) is not null;

    private string? Text() => TextOf(Request);

    private static string? TextOf(HttpRequest request)
    {
        if (request.Headers[Header].ToString() is { Length: > 0 } token)
        {
            return token;
        }

        if ((EventSocket.TokenOf(request) ?? EventsHubRoute.TokenOf(request)) is { } offered)
        {
            return offered;
        }

        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : null;
    }
}
