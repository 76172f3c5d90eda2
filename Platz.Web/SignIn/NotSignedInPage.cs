using Platz.Core.Identity;
using Platz.Web.Security;

namespace Platz.Web.SignIn;

/// <summary>Says why nobody is signed in and how to change that. Plain HTML: it works without a circuit.</summary>
internal static class NotSignedInPage
{
    public const string Path = "/not-signed-in";

    public const string SignedOut = $"{Path}?reason=signed-out";

    private const string HowTo = "On the machine that Platz runs on, start ./platz up again or run Platz.Web "
        + "sign-in-link, and open the link it prints.";

    public static string For(SignInRefusal why) => why switch
    {
        SignInRefusal.Used => $"{Path}?reason=link-used",
        SignInRefusal.Expired => $"{Path}?reason=link-expired",
        SignInRefusal.Deactivated => $"{Path}?reason=deactivated",
        _ => $"{Path}?reason=link-unknown",
    };

    public static IResult Show(string? reason) => reason switch
    {
        "link-used" => Page("This sign-in link has been used", "Each link signs in once. " + HowTo),
        "link-expired" => Page("This sign-in link has expired", "A link is good for 24 hours. " + HowTo),
        "link-unknown" => Page("This is not a sign-in link of ours", "Check that it was copied whole. " + HowTo),
        "deactivated" => Page("This user is deactivated", "A site admin can activate it again."),
        "signed-out" => new PlainPage(StatusCodes.Status200OK, "Signed out", HowTo),
        _ => Page("You are not signed in", HowTo),
    };

    private static PlainPage Page(string title, string text) =>
        new(StatusCodes.Status401Unauthorized, title, text);
}
