using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Platz.Core.Identity;
using Platz.Web.Security;

namespace Platz.Web.SignIn;

internal static partial class SignInEndpoints
{
    /// <summary>Of all ways in.</summary>
    public const string Path = "/sign-in";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ChallengeAsync).AllowAnonymous();
        routes.MapGet($"{Path}/{{token}}", RedeemAsync).AllowAnonymous();
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        routes.MapGet(NotSignedInPage.Path, NotSignedInPage.Show).AllowAnonymous();
    }

    /// <summary>To the provider, and back to where one wanted to go.</summary>
    private static async Task<IResult> ChallengeAsync(
        HttpContext context, IOptions<SignInOptions> options, ILogger<ProviderEvents> log)
    {
        var home = LocalUrl.OrHome(context.Request.Query[LocalUrl.Parameter]);
        if (!options.Value.HasProvider)
        {
            return Results.Redirect(NotSignedInPage.Path);
        }

        try
        {
            await context.ChallengeAsync(ProviderSignIn.Scheme, new AuthenticationProperties { RedirectUri = home });
            return Results.Empty;
        }
        catch (Exception e) when (!context.Response.HasStarted && e is InvalidOperationException or HttpRequestException)
        {
            LogUnreachable(log, e);
            return new PlainPage(
                StatusCodes.Status502BadGateway, $"{options.Value.ProviderName} does not answer",
                "Nobody can be signed in at the moment. Try again in a minute.")
            {
                Action = ("Try again", $"{Path}?{LocalUrl.Parameter}={Uri.EscapeDataString(home)}"),
            };
        }
    }

    private static async Task<IResult> RedeemAsync(
        string token, HttpContext context, SignInLinks links, Sessions sessions, IOptions<SignInOptions> options)
    {
        if (options.Value.HasProvider)
        {
            return Results.Redirect($"{NotSignedInPage.Path}?reason=link-refused"); // for a machine of one's own alone
        }

        var home = LocalUrl.OrHome(context.Request.Query[LocalUrl.Parameter]);
        var origin = new Origin(context.Connection.RemoteIpAddress, TokenId: null);
        switch (await links.RedeemAsync(token, origin, context.RequestAborted))
        {
            case SignInOutcome.SignedIn(var user):
                await context.SignInAsync(SessionCookie.Scheme, sessions.Begin(user));
                return Results.Redirect(home);

            // Opened a second time in the browser that it has signed in.
            case SignInOutcome.Refused(SignInRefusal.Used) when SessionStore.WhoComesBack(context) is { } known
                && await sessions.MayGoOnAsync(known, context.RequestAborted):
                return Results.Redirect(home);

            case SignInOutcome.Refused(var why):
                return Results.Redirect(NotSignedInPage.For(why));

            case var other:
                throw new System.Diagnostics.UnreachableException($"{other}");
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        await context.SignOutAsync(SessionCookie.Scheme);
        return Results.Redirect(NotSignedInPage.SignedOut);
    }

    [LoggerMessage(LogLevel.Error, "The sign-in provider cannot be asked")]
    private static partial void LogUnreachable(ILogger log, Exception e);
}
