using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;
using Platz.Core.Deployments;

namespace Platz.Core.Resources;

internal sealed class K8sResourceMapping : IEntityTypeConfiguration<K8sResource>
{
    public void Configure(EntityTypeBuilder<K8sResource> resource)
    {
        resource.ToTable("k8s_resources");
        resource.Property(r => r.Id).ValueGeneratedNever();
        resource.Property(r => r.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        resource.HasIndex(r => r.DeploymentId);
        resource.HasIndex(r => r.ClusterId);
        resource.HasOne<Cluster>().WithMany().HasForeignKey(r => r.ClusterId).OnDelete(DeleteBehavior.Cascade);
        resource.HasOne<Deployment>().WithMany().HasForeignKey(r => r.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DeploymentResourceTypeMapping : IEntityTypeConfiguration<DeploymentResourceType>
{
    public void Configure(EntityTypeBuilder<DeploymentResourceType> type)
    {
        type.ToTable("deployment_resource_types", table =>
            table.HasCheckConstraint("ck_deployment_resource_types_key", "key <> ''"));
        type.Property(t => t.CreatedAt).HasDefaultValueSql("clock_timestamp()");

        // NULLS NOT DISTINCT: of a global type there is one as well.
        type.HasIndex(t => new { t.DeploymentKindId, t.Key, t.EnvId }).IsUnique().AreNullsDistinct(false);
        type.HasOne<Env>().WithMany().HasForeignKey(t => t.EnvId).OnDelete(DeleteBehavior.Restrict);
        type.HasOne<Kind>().WithMany().HasForeignKey(t => t.DeploymentKindId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DeploymentResourceMapping : IEntityTypeConfiguration<DeploymentResource>
{
    public void Configure(EntityTypeBuilder<DeploymentResource> resource)
    {
        resource.ToTable("deployment_resources", table =>
        {
            table.HasCheckConstraint("ck_deployment_resources_name", "name <> ''");
            table.HasCheckConstraint("ck_deployment_resources_sync_status",
                "sync_status IN ('Creating', 'Updating', 'Deleting', 'Ready', 'Error')");
            table.HasCheckConstraint("ck_deployment_resources_failed_sync",
                "failed_sync IS NULL OR (sync_status = 'Error' AND failed_sync IN ('Creating', 'Updating', 'Deleting'))");
        });
        resource.Property(r => r.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        resource.Property(r => r.SyncStatus).HasConversion<string>();
        resource.Property(r => r.FailedSync).HasConversion<string>();
        resource.Property(r => r.Version).HasDefaultValue(1).IsConcurrencyToken();
        resource.HasIndex(r => new { r.TypeId, r.Name }).IsUnique().HasFilter("exists");
        resource.HasIndex(r => r.DeploymentId);
        resource.HasIndex(r => r.SyncAt).HasFilter("sync_at IS NOT NULL");
        resource.HasOne<DeploymentResourceType>().WithMany().HasForeignKey(r => r.TypeId)
            .OnDelete(DeleteBehavior.Restrict);
        resource.HasOne<Deployment>().WithMany().HasForeignKey(r => r.DeploymentId).OnDelete(DeleteBehavior.Restrict);
    }
}
