using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platz.Web.SignIn;

/// <summary>The OpenID Connect provider that signs people in. Without one, only the one-time link does (contract 3).</summary>
public sealed class SignInOptions : IValidatableObject
{
    public const string Section = "SignIn";

    /// <summary>The issuer's address: <c>/.well-known/openid-configuration</c> is read beneath it. Empty: no provider.</summary>
    public string Authority { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>A file that holds the client's secret, in place of <see cref="ClientSecret"/>.</summary>
    public string ClientSecretFile { get; init; } = "";

    /// <summary>As people call it: stands on the button.</summary>
    public string ProviderName { get; init; } = "your provider";

    /// <summary>Asked for besides <c>openid</c>, <c>profile</c> and <c>email</c>.</summary>
    public string[] Scopes { get; init; } = [];

    [Required]
    public string NameClaim { get; init; } = "name";

    [Required]
    public string EmailClaim { get; init; } = "email";

    [Required]
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>Site admins, by an address that the provider says is verified.</summary>
    public string[] AdminEmails { get; init; } = [];

    public string[] AdminGroups { get; init; } = [];

    /// <summary>Who may sign in at all; empty: everybody whom the provider knows.</summary>
    public string[] AllowedGroups { get; init; } = [];

    /// <summary>As <see cref="AllowedGroups"/>, by verified address: <c>example.org</c>.</summary>
    public string[] AllowedEmailDomains { get; init; } = [];

    public bool HasProvider => Authority.Length > 0;

    public string Secret => ClientSecretFile.Length > 0 ? File.ReadAllText(ClientSecretFile).Trim() : ClientSecret;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HasProvider)
        {
            yield break;
        }

        // Whoever stands between us and a provider without TLS signs in as anybody.
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority)
            || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            yield return new ValidationResult(
                "SignIn:Authority must be an https address (http only on this machine).", [nameof(Authority)]);
        }

        if (ClientId.Length == 0)
        {
            yield return new ValidationResult("SignIn:ClientId is missing.", [nameof(ClientId)]);
        }

        if (ClientSecretFile.Length > 0 && !File.Exists(ClientSecretFile))
        {
            yield return new ValidationResult(
                $"SignIn:ClientSecretFile: there is no file {ClientSecretFile}.", [nameof(ClientSecretFile)]);
        }
        else if (ClientSecret.Length == 0 && ClientSecretFile.Length == 0)
        {
            yield return new ValidationResult(
                "SignIn:ClientSecret or SignIn:ClientSecretFile is missing.", [nameof(ClientSecret)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class SignInOptionsValidator : IValidateOptions<SignInOptions>;
