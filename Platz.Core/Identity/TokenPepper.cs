using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// The key of the token hashes: who reads the database alone can neither use a token's hash nor check a guess against it.
/// </summary>
public sealed class TokenPepper(IDbContextFactory<PlatzDb> databases, Envelope envelope)
{
    private readonly SealedKey _key = new(databases, envelope, "api_token_pepper");

    /// <summary>Throws <see cref="EnvelopeException"/> when the key file is not the one it was sealed with.</summary>
    public ValueTask<byte[]> GetAsync(CancellationToken cancel) => _key.GetAsync(cancel);
}
