namespace Platz.Core.Identity;

/// <summary>The OpenID Connect provider, as far as it matters beyond the sign-in itself; by default there is none.</summary>
public sealed class ProviderOptions
{
    /// <summary>The issuer's address.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Whether an issuer is this provider: some name themselves with a slash at the end.</summary>
    public bool Is(string issuer) =>
        Authority.Length > 0 && string.Equals(issuer.TrimEnd('/'), Authority.TrimEnd('/'), StringComparison.Ordinal);
}
