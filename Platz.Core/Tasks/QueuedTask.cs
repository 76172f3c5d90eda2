using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Tasks;

public enum QueueState
{
    /// <summary>First of its deployment's line; any runner that serves its cluster may claim it.</summary>
    Ready,
    Started,

    /// <summary>Due, but behind another task of its deployment.</summary>
    Blocked,

    /// <summary>Not due yet; holds nobody up.</summary>
    Scheduled,
}

/// <summary>The live half of a task (queue.md 0): one row while it is Pending or Started, none afterwards.</summary>
public sealed class QueuedTask
{
    public required Guid TaskId { get; init; }

    public required Guid DeploymentId { get; init; }

    public required Guid RunClusterId { get; init; }

    public required string OpKind { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExecuteAt { get; init; }

    public required QueueState State { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    public required long Fence { get; init; }

    /// <summary>Null once a runner has let go on purpose: the next take-over then counts as no attempt.</summary>
    public string? LeaseOwner { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }
}

internal sealed class QueuedTaskMapping : IEntityTypeConfiguration<QueuedTask>
{
    /// <summary>One at a time per deployment, whatever the runners believe.</summary>
    public const string OneActive = "ix_task_queue_one_active";

    public void Configure(EntityTypeBuilder<QueuedTask> queued)
    {
        queued.ToTable("task_queue", table =>
        {
            table.HasCheckConstraint("ck_task_queue_state", "state IN ('Ready', 'Started', 'Blocked', 'Scheduled')");
            table.HasCheckConstraint("ck_task_queue_ready", "state <> 'Ready' OR ready_at IS NOT NULL");
            table.HasCheckConstraint("ck_task_queue_lease", "(state = 'Started') = (lease_until IS NOT NULL)");
        });
        queued.HasKey(q => q.TaskId);
        queued.Property(q => q.State).HasConversion<string>();

        queued.HasIndex(q => q.DeploymentId).IsUnique().HasFilter("state IN ('Ready', 'Started')")
            .HasDatabaseName(OneActive);
        queued.HasIndex(q => new { q.RunClusterId, q.ReadyAt, q.TaskId }).HasFilter("state = 'Ready'")
            .HasDatabaseName("ix_task_queue_ready");
        queued.HasIndex(q => new { q.DeploymentId, q.ExecuteAt, q.CreatedAt, q.TaskId })
            .HasFilter("state IN ('Blocked', 'Scheduled')").HasDatabaseName("ix_task_queue_line");
        queued.HasIndex(q => q.ExecuteAt).HasFilter("state = 'Scheduled'").HasDatabaseName("ix_task_queue_due");
        queued.HasIndex(q => q.LeaseUntil).HasFilter("state = 'Started'").HasDatabaseName("ix_task_queue_lease");

        queued.HasOne<DeploymentTask>().WithOne().HasForeignKey<QueuedTask>(q => q.TaskId)
            .OnDelete(DeleteBehavior.Restrict);
    }
}
