using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Which sessions count: those of the present epoch. Another one begins when everybody is to be signed out, for example
/// after a dump was restored, which brings sessions back that have ended since.
/// </summary>
internal static class SessionEpoch
{
    private const string Key = "session_epoch";

    public static async Task<Guid> GetAsync(PlatzDb db, CancellationToken cancel)
    {
        if (await FindAsync(db, cancel) is not { } stored)
        {
            // Processes that start together each offer one; the first is everybody's.
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO settings (key, value) VALUES ({Key}, {Guid.NewGuid().ToByteArray()}) ON CONFLICT DO NOTHING",
                cancel);
            stored = (await FindAsync(db, cancel))!;
        }

        return new Guid(stored);
    }

    public static Task RenewAsync(PlatzDb db, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO settings (key, value) VALUES ({Key}, {Guid.NewGuid().ToByteArray()})
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """,
        cancel);

    private static Task<byte[]?> FindAsync(PlatzDb db, CancellationToken cancel) =>
        db.Settings.Where(s => s.Key == Key).Select(s => s.Value).SingleOrDefaultAsync(cancel);
}
