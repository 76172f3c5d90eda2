using Platz.Core.Audit;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public abstract class AuditTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected AuditEntry Entry(string name = "demo")
    {
        var subject = new AuditSubject("env", Env.Id, name);
        return new AuditEntry(AuditAction.EnvRenamed, AuditActor.Of(Alice), subject) { EnvId = Env.Id };
    }

    protected async Task<AuditEvent> AppendAsync(AuditEntry entry)
    {
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var happened = await AuditLog.AppendAsync(db, entry, Cancel);
        await transaction.CommitAsync(Cancel);
        return happened;
    }

    /// <summary>As the owner of the table may who has the database and not Platz.</summary>
    protected Task<int> BehindTheBackAsync(string sql, string table = "audit_events") => ExecuteAsync(
        $"ALTER TABLE {table} DISABLE TRIGGER USER; {sql}; ALTER TABLE {table} ENABLE TRIGGER USER");
}
