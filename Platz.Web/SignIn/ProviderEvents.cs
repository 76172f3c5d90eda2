using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Platz.Core.Identity;
using Platz.Web.Security;

namespace Platz.Web.SignIn;

/// <summary>What becomes of the provider's answer: a session of ours, or a page that says why there is none.</summary>
internal sealed partial class ProviderEvents(
    SignIns signIns, Sessions sessions, IOptions<SignInOptions> options, ILogger<ProviderEvents> log) : OpenIdConnectEvents
{
    public const string EmailVerified = "email_verified";

    private const string Issuer = ".issuer";

    public override Task TokenValidated(TokenValidatedContext context)
    {
        // The handler takes unsigned ones in this flow, as they come from the provider itself; we do not.
        if (context.SecurityToken.RawSignature is not { Length: > 0 })
        {
            context.Fail("The token is not signed.");
        }

        context.Properties!.Items[Issuer] = context.SecurityToken.Issuer; // the claim of it is dropped on the way
        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var issuer = context.Properties!.Items[Issuer]!;
        context.Properties.Items.Clear();
        if (await EnterAsync(context.Principal!, issuer, context.HttpContext) is { } refusal)
        {
            LogRefused(refusal);
            context.HandleResponse();
            context.Response.Redirect($"{NotSignedInPage.Path}?reason={refusal}");
            return;
        }

        context.Principal = _entered;
    }

    private ClaimsPrincipal? _entered;

    /// <returns>Why not, as the page of it is called.</returns>
    private async Task<string?> EnterAsync(ClaimsPrincipal person, string issuer, HttpContext context)
    {
        var who = new ProvidedPerson(person, options.Value);
        var origin = new Origin(context.Connection.RemoteIpAddress, TokenId: null);
        if (who.Email is not { } email)
        {
            return await RefuseAsync(NotSignedInPage.NoEmail);
        }

        if (!who.MayEnter)
        {
            return await RefuseAsync(NotSignedInPage.NotAmong);
        }

        var provided = new ProvidedIdentity(issuer, who.Subject, who.Name ?? email, email, who.IsAdmin);
        switch (await signIns.EnterAsync(provided, origin, context.RequestAborted))
        {
            case EntryOutcome.Entered(var user, _):
                _entered = sessions.Begin(user);
                return null;
            case EntryOutcome.Refused(EntryRefusal.Deactivated):
                return NotSignedInPage.Deactivated;
            default:
                return NotSignedInPage.EmailIsAnothers;
        }

        async Task<string> RefuseAsync(string why)
        {
            await signIns.RefuseAsync(who.Email ?? who.Name ?? who.Subject, why, origin, context.RequestAborted);
            return why;
        }
    }

    /// <summary>A person who thought better of it there.</summary>
    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        context.Response.Redirect($"{NotSignedInPage.Path}?reason={NotSignedInPage.Denied}");
        return Task.CompletedTask;
    }

    /// <summary>State, nonce, signature, audience, time: whatever is wrong with the answer, the browser is told the same.</summary>
    public override async Task RemoteFailure(RemoteFailureContext context)
    {
        LogFailed(context.Failure?.Message ?? "no reason given");
        context.HandleResponse();
        var http = context.HttpContext;
        await signIns.RefuseAsync(
            "somebody", "no answer in order", new Origin(http.Connection.RemoteIpAddress, TokenId: null), http.RequestAborted);
        await new PlainPage(
            StatusCodes.Status400BadRequest, "The sign-in could not be completed",
            "It took too long, was begun in another browser, or the provider's answer was not in order.")
        {
            Action = ("Start again", NotSignedInPage.Path),
        }.ExecuteAsync(http);
    }

    [LoggerMessage(LogLevel.Warning, "Somebody whom the provider knows was not let in: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Warning, "A sign-in with the provider failed: {Reason}")]
    private partial void LogFailed(string reason);
}
