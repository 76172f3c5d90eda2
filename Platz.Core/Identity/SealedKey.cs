using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// A key of the installation, 32 random bytes made on first need and kept sealed in the settings: who reads the database
/// alone does not have it.
/// </summary>
internal sealed class SealedKey(IDbContextFactory<PlatzDb> databases, Envelope envelope, string name)
{
    private const int Length = 32;

    private readonly string _context = $"settings/{name}";
    private byte[]? _key;

    /// <summary>Throws <see cref="EnvelopeException"/> when the key file is not the one it was sealed with.</summary>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancel) => _key ??= await ReadAsync(cancel);

    private async Task<byte[]> ReadAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await FindAsync(db, cancel) is not { } stored)
        {
            // Processes that start together each offer one; the first is everybody's.
            var made = envelope.Seal(RandomNumberGenerator.GetBytes(Length), _context);
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO settings (key, value) VALUES ({name}, {made}) ON CONFLICT DO NOTHING", cancel);
            stored = (await FindAsync(db, cancel))!;
        }

        return envelope.Open(stored, _context);
    }

    private Task<byte[]?> FindAsync(PlatzDb db, CancellationToken cancel) =>
        db.Settings.Where(s => s.Key == name).Select(s => s.Value).SingleOrDefaultAsync(cancel);
}
