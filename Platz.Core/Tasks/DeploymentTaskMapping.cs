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

        AddFindable(task);
        task.HasIndex(t => new { t.DeploymentId, t.IdempotencyKey }).IsUnique()
            .HasFilter("idempotency_key IS NOT NULL").HasDatabaseName("ix_deployment_tasks_idempotency");
        task.HasIndex(t => t.RetryOfTaskId).HasFilter("retry_of_task_id IS NOT NULL")
            .HasDatabaseName("ix_deployment_tasks_retry_of");
        task.HasIndex(t => t.RollbackOfTaskId).HasFilter("rollback_of_task_id IS NOT NULL")
            .HasDatabaseName("ix_deployment_tasks_rollback_of");

        AddReferences(task);
    }

    /// <summary>
    /// What lists filter by (see <see cref="TaskPaths"/>). No index may depend on status: a claim, and a finish that is
    /// Done, stay heap-only updates (queue.md 0). Ascending: new entries then fill their pages, which descending ones
    /// leave half empty; lists read backwards.
    /// </summary>
    private static void AddFindable(EntityTypeBuilder<DeploymentTask> task)
    {
        task.Property<string?>("Trouble").HasComputedColumnSql(
            "CASE WHEN status IN ('Failed', 'Canceled') THEN status END", stored: true);
        task.Property<Guid?>("ActorId").HasComputedColumnSql(
            "coalesce(acting_user_id, acting_bot_id, acting_deployment_id)", stored: true);
        task.Property<string?>("Summary").UseCollation("C").HasComputedColumnSql(
            "lower(left(split_part(reason, E'\\n\\n', 1), 500))", stored: true);

        // Each carries what the others are about, so that any combination is answered without touching the table.
        string[] carried = ["EnvId", "DeploymentId", "ClusterId", "Trouble", "OpKind", "ActorId"];
        Add("history", null, "DeploymentId");
        Add("env", null, "EnvId");
        Add("cluster", null, "EnvId", "ClusterId");
        Add("actor", null, "EnvId", "ActorId");
        Add("operation", null, "EnvId", "OpKind");
        Add("trouble", "trouble IS NOT NULL", "EnvId", "Trouble");
        carried = [.. carried, "Summary"];
        Add("history_text", "summary IS NOT NULL", "DeploymentId");
        Add("env_text", "summary IS NOT NULL", "EnvId");
        task.HasIndex("Summary").HasMethod("gin").HasOperators("gin_trgm_ops").HasFilter("summary IS NOT NULL")
            .HasDatabaseName("ix_deployment_tasks_trigrams");

        void Add(string name, string? filter, params string[] about) => task
            .HasIndex([.. about, "CreatedAt", "Id"], $"ix_deployment_tasks_{name}").HasFilter(filter)
            .HasDatabaseName($"ix_deployment_tasks_{name}").IncludeProperties([.. carried.Except(about)]);
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
        table.HasCheckConstraint("ck_deployment_tasks_message", "char_length(message) <= 500");
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
