using System.Net;
using System.Security.Claims;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Who is signed in, as claims and back: the same for the session cookie and for tokens.</summary>
public static class SignedIn
{
    /// <summary>The role of a site admin.</summary>
    public const string Admin = "admin";

    private const string Kind = "platz_kind";
    private const string Address = "platz_address";
    private const string Token = "platz_token";
    private const string ScopeEnvs = "platz_scope_envs";
    private const string ScopeRole = "platz_scope_role";

    public static ClaimsIdentity Identity(Actor actor, bool isAdmin, string scheme) => new(
        new (string Type, string? Value)[]
        {
            (ClaimTypes.NameIdentifier, $"{actor.Id}"),
            (ClaimTypes.Name, actor.Name),
            (Kind, actor.GetType().Name),
            (ClaimTypes.Role, isAdmin ? Admin : null),
            (Address, actor.Origin.Address?.ToString()),
            (Token, actor.Origin.TokenId?.ToString()),
            (ScopeEnvs, actor.Scope?.EnvIds is { } envs ? string.Join(' ', envs) : null),
            (ScopeRole, actor.Scope?.Most?.ToString()),
        }.Where(c => c.Value is not null).Select(c => new Claim(c.Type, c.Value!)),
        scheme);

    /// <summary>Notes from where this request of a session comes; a later one may come from elsewhere.</summary>
    public static void SeenFrom(this ClaimsPrincipal session, IPAddress? address)
    {
        var identity = (ClaimsIdentity)session.Identity!;
        identity.TryRemoveClaim(identity.FindFirst(Address));
        if (Origin.Plain(address) is { } plain)
        {
            identity.AddClaim(new Claim(Address, $"{plain}"));
        }
    }

    extension(ClaimsPrincipal user)
    {
        /// <summary>Only for somebody who is signed in.</summary>
        public Actor Actor => user.Bare with { Scope = user.Scope, Origin = user.Origin };

        public string DisplayName => user.FindFirstValue(ClaimTypes.Name) ?? "";

        public Guid Id => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

        public bool IsAdmin => user.IsInRole(Admin);

        private Actor Bare => (user.FindFirstValue(Kind), user.Id, user.DisplayName) switch
        {
            (nameof(Actor.User), var id, var name) => new Actor.User(id, name),
            (nameof(Actor.Bot), var id, var name) => new Actor.Bot(id, name),
            (nameof(Actor.Deployment), var id, var name) => new Actor.Deployment(id, name),
            var (kind, _, _) => throw new InvalidOperationException($"Nobody is signed in as '{kind}'."),
        };

        private TokenScope? Scope => TokenScope.Of(
            user.FindFirstValue(ScopeEnvs)?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse),
            user.FindFirstValue(ScopeRole) is { } role ? Enum.Parse<ScopeRole>(role) : null);

        private Origin Origin => new(
            user.FindFirstValue(Address) is { } address ? IPAddress.Parse(address) : null,
            user.FindFirstValue(Token) is { } token ? Guid.Parse(token) : null);
    }
}
