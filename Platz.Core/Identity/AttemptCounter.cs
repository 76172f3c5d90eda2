using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Counts what somebody tries in vain, minute by minute, in the database: all processes count together, and one that
/// starts again goes on counting (security.md 2). <see cref="IdentityRetention"/> clears away what was counted.
/// </summary>
public sealed class AttemptCounter(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>How long until the next window begins.</summary>
    public TimeSpan UntilNext => Window + s_window - clock.GetUtcNow();

    /// <summary>The minute that is counted.</summary>
    public DateTimeOffset Window
    {
        get
        {
            var now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % s_window.Ticks));
        }
    }

    /// <returns>How many there have been within this minute, this one among them.</returns>
    public async Task<int> CountAsync(string key, CancellationToken cancel)
    {
        var window = Window;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = await db.Database.SqlQuery<int>($"""
            INSERT INTO sign_in_attempts (key, window_start, count) VALUES ({key}, {window}, 1)
            ON CONFLICT (key, window_start) DO UPDATE SET count = sign_in_attempts.count + 1 RETURNING count
            """).ToListAsync(cancel);
        return counts[0];
    }

    /// <summary>Keeps what a process has counted by itself.</summary>
    public async Task KeepAsync(string key, int count, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO sign_in_attempts (key, window_start, count) VALUES ({key}, {Window}, {count})
            ON CONFLICT (key, window_start) DO UPDATE SET count = greatest(sign_in_attempts.count, {count})
            """, cancel);
    }

    public async Task<int> ReadAsync(string key, CancellationToken cancel)
    {
        var window = Window;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.SignInAttempts.Where(a => a.Key == key && a.WindowStart == window).Select(a => a.Count)
            .SingleOrDefaultAsync(cancel);
    }
}
