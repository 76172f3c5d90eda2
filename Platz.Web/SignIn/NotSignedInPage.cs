using Microsoft.Extensions.Options;
using Platz.Core.Identity;
using Platz.Web.Security;

namespace Platz.Web.SignIn;

/// <summary>Says why nobody is signed in and how to change that. Plain HTML: it works without a circuit.</summary>
internal static class NotSignedInPage
{
    public const string Path = "/not-signed-in";

    public const string SignedOut = $"{Path}?reason=signed-out";

    public const string Deactivated = "deactivated";
    public const string Denied = "denied";
    public const string EmailIsAnothers = "email";
    public const string NoEmail = "no-email";
    public const string NotAmong = "not-among";

    private const string HowTo = "On the machine that Platz runs on, start ./platz up again or run Platz.Web "
        + "sign-in-link, and open the link it prints.";

    public static string For(SignInRefusal why) => why switch
    {
        SignInRefusal.Used => $"{Path}?reason=link-used",
        SignInRefusal.Expired => $"{Path}?reason=link-expired",
        SignInRefusal.Deactivated => $"{Path}?reason={Deactivated}",
        _ => $"{Path}?reason=link-unknown",
    };

    public static IResult Show(string? reason, HttpContext context, IOptions<SignInOptions> options)
    {
        var (status, title, text) = Words(reason);
        if (!options.Value.HasProvider)
        {
            return new PlainPage(status, title, text.Length > 0 ? text : HowTo);
        }

        var name = options.Value.ProviderName;
        var home = LocalUrl.OrHome(context.Request.Query[LocalUrl.Parameter]);
        return new PlainPage(status, title, (text.Length, reason) switch
        {
            (_, "signed-out") => $"You may still be signed in with {name}.",
            (0, _) => $"People sign in to this Platz with {name}.",
            _ => text.Replace(HowTo, $"People sign in to this Platz with {name}.", StringComparison.Ordinal),
        })
        {
            Action = ($"Sign in with {name}", $"{SignInEndpoints.Path}?{LocalUrl.Parameter}={Uri.EscapeDataString(home)}"),
        };
    }

    private static (int Status, string Title, string Text) Words(string? reason) => reason switch
    {
        "link-used" => Refused("This sign-in link has been used", "Each link signs in once. " + HowTo),
        "link-expired" => Refused("This sign-in link has expired", "A link is good for 24 hours. " + HowTo),
        "link-unknown" => Refused("This is not a sign-in link of ours", "Check that it was copied whole. " + HowTo),
        "link-refused" => (StatusCodes.Status404NotFound, "Links sign nobody in here", ""),
        Deactivated => Refused("This user is deactivated", "A site admin can activate it again."),
        Denied => Refused("You were not signed in", "You said no there, or your provider did."),
        EmailIsAnothers => Refused(
            "This address belongs to another account",
            "Somebody with your e-mail address came here another way. A site admin can help."),
        NoEmail => Refused("Your provider did not tell your e-mail address", "Platz needs one. Ask who runs the provider."),
        NotAmong => Refused("You may not use this Platz", "Your account is in none of the groups that may."),
        "signed-out" => (StatusCodes.Status200OK, "Signed out", ""),
        _ => Refused("You are not signed in", ""),
    };

    private static (int Status, string Title, string Text) Refused(string title, string text) =>
        (StatusCodes.Status401Unauthorized, title, text);
}
