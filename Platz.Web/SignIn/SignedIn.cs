using System.Security.Claims;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Who is signed in, as claims and back: the same for the session cookie and for an API token.</summary>
public static class SignedIn
{
    /// <summary>The role of a site admin.</summary>
    public const string Admin = "admin";

    private const string Kind = "platz_kind";

    public static ClaimsIdentity Identity(Actor actor, bool isAdmin, string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, actor.Id.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, actor.Name));
        identity.AddClaim(new Claim(Kind, actor.GetType().Name));
        if (isAdmin)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, Admin));
        }

        return identity;
    }

    extension(ClaimsPrincipal user)
    {
        /// <summary>Only for somebody who is signed in.</summary>
        public Actor Actor => (user.FindFirstValue(Kind), user.Id, user.DisplayName) switch
        {
            (nameof(Actor.User), var id, var name) => new Actor.User(id, name),
            (nameof(Actor.Bot), var id, var name) => new Actor.Bot(id, name),
            var (kind, _, _) => throw new InvalidOperationException($"Nobody is signed in as '{kind}'."),
        };

        public string DisplayName => user.FindFirstValue(ClaimTypes.Name) ?? "";

        public Guid Id => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

        public bool IsAdmin => user.IsInRole(Admin);
    }
}
