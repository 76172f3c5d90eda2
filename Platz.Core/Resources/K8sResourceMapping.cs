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
        resource.HasIndex(r => r.DeploymentId);
        resource.HasIndex(r => r.ClusterId);
        resource.HasOne<Cluster>().WithMany().HasForeignKey(r => r.ClusterId).OnDelete(DeleteBehavior.Cascade);
        resource.HasOne<Deployment>().WithMany().HasForeignKey(r => r.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
