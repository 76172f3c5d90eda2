using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Tasks;

internal sealed class DeploymentTaskMapping : IEntityTypeConfiguration<DeploymentTask>
{
    public void Configure(EntityTypeBuilder<DeploymentTask> task)
    {
        task.ToTable("deployment_tasks", AddConstraints);
        task.Property(t => t.Operation).HasColumnType("jsonb").HasConversion<OperationConverter>();
        task.Property(t => t.Status).HasConversion<string>();
        task.Property(t => t.Effect).HasConversion<string>();
        task.Ignore(t => t.Actor);
        task.Ignore(t => t.CancelRequested);
        task.Ignore(t => t.IsRevision);

        // No index here depends on status: a status change stays a heap-only update (queue.md 0).
        task.HasIndex(t => new { t.DeploymentId, t.CreatedAt, t.Id }).IsDescending(false, true, true)
            .HasDatabaseName("ix_deployment_tasks_history");
        task.HasIndex(t => new { t.EnvId, t.CreatedAt, t.Id }).IsDescending(false, true, true)
            .HasDatabaseName("ix_deployment_tasks_env");
        task.HasIndex(t => new { t.DeploymentId, t.IdempotencyKey }).IsUnique()
            .HasFilter("idempotency_key IS NOT NULL").HasDatabaseName("ix_deployment_tasks_idempotency");

        AddReferences(task);
    }

    private static void AddConstraints(TableBuilder<DeploymentTask> table)
    {
        table.HasCheckConstraint("ck_deployment_tasks_one_actor",
            "num_nonnulls(acting_user_id, acting_bot_id, acting_deployment_id) = 1");
        table.HasCheckConstraint("ck_deployment_tasks_one_canceler",
            "num_nonnulls(canceled_by_user_id, canceled_by_bot_id, canceled_by_deployment_id) <= 1");
        table.HasCheckConstraint("ck_deployment_tasks_status",
            "status IN ('Pending', 'Started', 'Done', 'Failed', 'Canceled')");
        table.HasCheckConstraint("ck_deployment_tasks_finished",
            "(finished_at IS NOT NULL) = (status IN ('Done', 'Failed', 'Canceled'))");
        table.HasCheckConstraint("ck_deployment_tasks_started",
            "status IN ('Pending', 'Canceled') OR started_at IS NOT NULL");
        table.HasCheckConstraint("ck_deployment_tasks_effect", "effect IN ('None', 'Partial', 'Complete')");
        table.HasCheckConstraint("ck_deployment_tasks_reason", "octet_length(reason) <= 16384");
        table.HasCheckConstraint("ck_deployment_tasks_execute_at",
            "execute_at >= '1970-01-01Z' AND execute_at < '2100-01-01Z'");
    }

    private static void AddReferences(EntityTypeBuilder<DeploymentTask> task)
    {
        task.HasOne<Deployment>().WithMany().HasForeignKey(t => t.DeploymentId).OnDelete(DeleteBehavior.Restrict);
        Reference<Env>(nameof(DeploymentTask.EnvId));
        Reference<Cluster>(nameof(DeploymentTask.ClusterId));
        Reference<Cluster>(nameof(DeploymentTask.RunClusterId));
        Reference<User>(nameof(DeploymentTask.ActingUserId));
        Reference<Bot>(nameof(DeploymentTask.ActingBotId));
        Reference<Deployment>(nameof(DeploymentTask.ActingDeploymentId));
        Reference<User>(nameof(DeploymentTask.CanceledByUserId));
        Reference<Bot>(nameof(DeploymentTask.CanceledByBotId));
        Reference<Deployment>(nameof(DeploymentTask.CanceledByDeploymentId));

        void Reference<T>(string property) where T : class =>
            task.HasOne<T>().WithMany().HasForeignKey(property).OnDelete(DeleteBehavior.Restrict);
    }

    private sealed class OperationConverter() : ValueConverter<Operation, string>(
        operation => OperationJson.Write(operation), json => OperationJson.Parse(json));
}

internal sealed class DeploymentTaskPhaseMapping : IEntityTypeConfiguration<DeploymentTaskPhase>
{
    public void Configure(EntityTypeBuilder<DeploymentTaskPhase> phase)
    {
        phase.ToTable("deployment_task_phases", table => table.HasCheckConstraint("ck_deployment_task_phases_outcome",
            "outcome IN ('Done', 'Failed', 'Skipped', 'Interrupted')"));
        phase.HasKey(p => new { p.TaskId, p.Seq });
        phase.Property(p => p.Outcome).HasConversion<string>();
        phase.Property<string>("LogPosition")
            .HasComment("How far the pod's log is stored; see TaskLog").IsRequired(false);
        phase.HasOne<DeploymentTask>().WithMany().HasForeignKey(p => p.TaskId).OnDelete(DeleteBehavior.Cascade);
    }
}
