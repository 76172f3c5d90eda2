using System.Security.Claims;

namespace Platz.Web.SignIn;

/// <summary>Somebody, as the provider's claims tell of them, and what the configuration makes of that.</summary>
internal sealed class ProvidedPerson(ClaimsPrincipal person, SignInOptions options)
{
    /// <summary>The provider's own name for them, for ever.</summary>
    public string Subject => person.FindFirstValue("sub")!;

    public string? Name => Text(options.NameClaim);

    public string? Email => Text(options.EmailClaim);

    public bool IsAdmin => (IsVerified && Has(options.AdminEmails, Email)) || IsIn(options.AdminGroups);

    public bool MayEnter => (options.AllowedGroups.Length == 0 && options.AllowedEmailDomains.Length == 0)
        || IsIn(options.AllowedGroups)
        || (IsVerified && Email is { } email && Has(options.AllowedEmailDomains, email[(email.LastIndexOf('@') + 1)..]));

    /// <summary>Anybody may type an address into an account; verified, it has been proven.</summary>
    private bool IsVerified =>
        string.Equals(person.FindFirstValue(ProviderEvents.EmailVerified), "true", StringComparison.OrdinalIgnoreCase);

    private bool IsIn(string[] groups) =>
        person.FindAll(options.GroupsClaim).Any(claim => groups.Contains(claim.Value, StringComparer.Ordinal));

    /// <summary>Letters of ASCII alone are equal in both cases: others have look-alikes.</summary>
    private static bool Has(string[] allowed, string? text) =>
        text is not null && allowed.Any(one => System.Text.Ascii.EqualsIgnoreCase(one, text));

    private string? Text(string claim) => person.FindFirstValue(claim)?.Trim() is { Length: > 0 } text ? text : null;
}
