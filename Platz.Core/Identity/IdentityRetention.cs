using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Forgets sessions and sign-in links some days after their end, and counts of attempts when nobody reads them any more.
/// That somebody signed in stands in the audit trail.
/// </summary>
public sealed class IdentityRetention(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Longer than the minute that is counted, for clocks that differ.</summary>
    private static readonly TimeSpan s_countsKept = TimeSpan.FromMinutes(10);

    public async Task ForgetAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (before, counted) = (now - Kept, now - s_countsKept);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.SignInAttempts.Where(a => a.WindowStart < counted).ExecuteDeleteAsync(cancel);
        await db.SignInLinks.Where(l => l.ExpiresAt < before).ExecuteDeleteAsync(cancel);
        await db.Sessions.Where(s => s.EndsAt < before).ExecuteDeleteAsync(cancel); // who signed out did so before that
    }
}
