using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// Forgets sessions and sign-in links some days after their end, and counts of attempts when nobody reads them any more.
/// That somebody signed in stands in the audit trail, and so does what was forgotten; counts are no record of anything.
/// </summary>
public sealed class IdentityRetention(IDbContextFactory<PlatzDb> databases, TimeProvider clock)
{
    /// <summary>At least: what ended on one day is forgotten together, and told once.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Longer than the minute that is counted, for clocks that differ.</summary>
    private static readonly TimeSpan s_countsKept = TimeSpan.FromMinutes(10);

    public async Task ForgetAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (until, counted) = (new DateTimeOffset((now - Kept).UtcDateTime.Date, TimeSpan.Zero), now - s_countsKept);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.SignInAttempts.Where(a => a.WindowStart < counted).ExecuteDeleteAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var links = await db.SignInLinks.Where(l => l.ExpiresAt < until).ExecuteDeleteAsync(cancel);
        var sessions = await db.Sessions.Where(s => s.EndsAt < until) // who signed out did so before that
            .ExecuteDeleteAsync(cancel);
        if (sessions + links > 0)
        {
            var detail = new JsonObject { ["sessions"] = sessions, ["sign_in_links"] = links, ["until"] = Text(until) };
            await AuditLog.AppendAsync(
                db, new AuditEntry(AuditAction.RetentionRan, AuditActor.System, new("retention", Id: null, "sign-ins"))
                {
                    Detail = detail,
                }, cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
