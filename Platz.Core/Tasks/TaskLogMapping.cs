using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Tasks;

internal sealed class TaskLogMapping : IEntityTypeConfiguration<TaskLogLine>
{
    public void Configure(EntityTypeBuilder<TaskLogLine> line)
    {
        line.ToTable("deployment_task_logs", table =>
            table.HasCheckConstraint("ck_deployment_task_logs_stream", "stream IN ('Pod', 'Platz')"));
        line.HasKey(l => new { l.TaskId, l.Seq });
        line.Property(l => l.Stream).HasConversion<string>();
        line.HasOne<DeploymentTask>().WithMany().HasForeignKey(l => l.TaskId).OnDelete(DeleteBehavior.Cascade);
    }
}
