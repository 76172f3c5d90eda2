using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// The key of the token hashes, made on first need and kept sealed in the settings: who reads the database alone can
/// neither use a token's hash nor check a guess against it.
/// </summary>
public sealed class TokenPepper(IDbContextFactory<PlatzDb> databases, Envelope envelope)
{
    private const string Key = "api_token_pepper";
    private const string Context = $"settings/{Key}";
    private const int Length = 32;

    private byte[]? _pepper;

    /// <summary>Throws <see cref="EnvelopeException"/> when the key file is not the one it was sealed with.</summary>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancel) => _pepper ??= await ReadAsync(cancel);

    private async Task<byte[]> ReadAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await FindAsync(db, cancel) is not { } stored)
        {
            // Processes that start together each offer one; the first is everybody's.
            var made = envelope.Seal(RandomNumberGenerator.GetBytes(Length), Context);
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO settings (key, value) VALUES ({Key}, {made}) ON CONFLICT DO NOTHING", cancel);
            stored = (await FindAsync(db, cancel))!;
        }

        return envelope.Open(stored, Context);
    }

    private static Task<byte[]?> FindAsync(PlatzDb db, CancellationToken cancel) =>
        db.Settings.Where(s => s.Key == Key).Select(s => s.Value).SingleOrDefaultAsync(cancel);
}
