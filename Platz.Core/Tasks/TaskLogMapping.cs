using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Tasks.Logs;

namespace Platz.Core.Tasks;

internal sealed class TaskLogMapping : IEntityTypeConfiguration<TaskLogBlock>
{
    public void Configure(EntityTypeBuilder<TaskLogBlock> block)
    {
        block.ToTable("deployment_task_logs", table =>
        {
            table.HasCheckConstraint("ck_deployment_task_logs_stream", "stream IN ('Pod', 'Platz')");
            table.HasCheckConstraint(
                "ck_deployment_task_logs_lines",
                $"lines BETWEEN 1 AND {TaskLogBlock.MostLines} AND coalesce(cardinality(ats), 1) = lines");
        });
        block.HasKey(b => new { b.TaskId, b.Seq });
        block.Property(b => b.Lines).HasDefaultValue(1);
        block.Property(b => b.Stream).HasConversion<string>();
        block.HasOne<DeploymentTask>().WithMany().HasForeignKey(b => b.TaskId).OnDelete(DeleteBehavior.Cascade);
    }
}
