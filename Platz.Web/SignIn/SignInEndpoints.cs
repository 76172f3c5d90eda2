using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/{token}", RedeemAsync).AllowAnonymous();
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        routes.MapGet(NotSignedInPage.Path, NotSignedInPage.Show).AllowAnonymous();
    }

    private static async Task<IResult> RedeemAsync(
        string token, HttpContext context, SignInLinks links, Sessions sessions, CancellationToken cancel)
    {
        var home = LocalUrl.OrHome(context.Request.Query[LocalUrl.Parameter]);
        switch (await links.RedeemAsync(token, cancel))
        {
            case SignInOutcome.SignedIn(var user):
                await context.SignInAsync(SessionCookie.Scheme, sessions.Begin(user));
                return Results.Redirect(home);

            // Opened a second time in the browser that it has signed in.
            case SignInOutcome.Refused(SignInRefusal.Used) when context.User.Identity is { IsAuthenticated: true }:
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
}
