namespace Platz.Core.Identity;

/// <summary>The OpenID Connect provider, as far as it matters beyond the sign-in itself; by default there is none.</summary>
public sealed class ProviderOptions
{
    /// <summary>
    /// Asks it who it is, and answers whether people of an issuer come from it: it may name itself otherwise than by
    /// its address. While it does not say, people of any may.
    /// </summary>
    public Func<CancellationToken, Task<Predicate<string>>> IssuersAsync { get; set; } =
        _ => Task.FromResult<Predicate<string>>(_ => false);
}
