using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Audit;

internal sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> happened)
    {
        happened.ToTable("audit_events", table =>
        {
            table.HasCheckConstraint(
                "ck_audit_events_actor_kind", "actor_kind IN ('User', 'Bot', 'Deployment', 'System', 'Anonymous')");
            table.HasCheckConstraint("ck_audit_events_outcome", "outcome IN ('Done', 'Denied', 'Failed')");
            table.HasCheckConstraint(
                "ck_audit_events_hashes", "octet_length(previous) = 32 AND octet_length(hash) = 32");
        }).HasKey(e => e.Seq);
        happened.Property(e => e.Seq).ValueGeneratedNever();
        happened.Property(e => e.ActorKind).HasConversion<string>();
        happened.Property(e => e.Outcome).HasConversion<string>();
        happened.HasIndex(e => new { e.EnvId, e.Seq }).IsDescending(false, true);
        happened.HasIndex(e => new { e.ActorId, e.Seq }).IsDescending(false, true);
        happened.HasIndex(e => new { e.Action, e.Seq }).IsDescending(false, true);
    }
}

internal sealed class AuditHeadMapping : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> head) => head.ToTable("audit_heads", table =>
        table.HasCheckConstraint("ck_audit_heads_hash", "octet_length(hash) = 32")).HasKey(h => h.ChainDay);
}
