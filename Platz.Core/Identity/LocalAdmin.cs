using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>The user of a machine of one's own, where nobody else signs people in (contract 3).</summary>
public sealed class LocalAdmin(IDbContextFactory<PlatzDb> databases)
{
    public const string Email = "admin@localhost";

    // "admin" in ASCII: of two processes that make this user at once, the second finds it.
    private const long LockKey = 0x61646d696e;

    public async Task<User> FindOrCreateAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await FindAsync(db, cancel) is { } known)
        {
            return known;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancel);
        if (await FindAsync(db, cancel) is { } madeMeanwhile)
        {
            return madeMeanwhile;
        }

        var admin = new User { DisplayName = "Local admin", Email = Email, IsAdmin = true };
        db.Add(admin);
        await db.SaveChangesAsync(cancel);
        await AuditLog.AppendAsync(
            db, new AuditEntry(AuditAction.UserCreated, AuditActor.System, new("user", admin.Id, admin.DisplayName)), cancel);
        await transaction.CommitAsync(cancel);
        return admin;
    }

    private static Task<User?> FindAsync(PlatzDb db, CancellationToken cancel) =>
        db.Users.AsNoTracking().OrderBy(u => u.CreatedAt).FirstOrDefaultAsync(u => u.Email == Email, cancel);
}
