using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;

namespace Platz.Core.Insight;

internal sealed class InsightDayMapping : IEntityTypeConfiguration<InsightDay>
{
    public void Configure(EntityTypeBuilder<InsightDay> day)
    {
        day.ToTable("insight_days", table => table.HasCheckConstraint(
            "ck_insight_days_scope", "scope_id = coalesce(deployment_id, env_id)"));

        // A deployment that moves to another env has, on that day, one row in each.
        day.HasKey(d => new { d.ScopeId, d.Day, d.EnvId });

        // The busiest deployments of an env, from the index alone.
        day.HasIndex(d => new { d.EnvId, d.Day, d.DeploymentId }).IncludeProperties(d => new { d.Tasks, d.Failed })
            .HasFilter("deployment_id IS NOT NULL").HasDatabaseName("ix_insight_days_env");
        day.HasOne<Env>().WithMany().HasForeignKey(d => d.EnvId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class InsightProgressMapping : IEntityTypeConfiguration<InsightProgress>
{
    public void Configure(EntityTypeBuilder<InsightProgress> progress)
    {
        progress.ToTable(
            "insight_progress", table => table.HasCheckConstraint("ck_insight_progress_one_row", "id = 1"));
        progress.Property(p => p.Id).ValueGeneratedNever();
    }
}

internal sealed class InsightOutageMapping : IEntityTypeConfiguration<InsightOutage>
{
    public void Configure(EntityTypeBuilder<InsightOutage> outage)
    {
        outage.ToTable("insight_outages");
        outage.HasKey(o => o.DeploymentId);
        outage.HasOne<Env>().WithMany().HasForeignKey(o => o.EnvId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class InsightLateTaskMapping : IEntityTypeConfiguration<InsightLateTask>
{
    public void Configure(EntityTypeBuilder<InsightLateTask> task)
    {
        task.ToTable("insight_late_tasks");
        task.HasKey(t => t.TaskId);
        task.HasIndex(t => t.DeploymentId).HasDatabaseName("ix_insight_late_tasks_deployment");
    }
}
