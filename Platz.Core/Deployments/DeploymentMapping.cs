using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Tasks;

namespace Platz.Core.Deployments;

internal sealed class DeploymentMapping : IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<Deployment> deployment)
    {
        deployment.ToTable("deployments", table =>
        {
            table.HasCheckConstraint("ck_deployments_status",
                "status IN ('Unknown', 'Installing', 'Renaming', 'Upgrading', 'Running', 'Error', "
                + "'Uninstalling', 'Uninstalled', 'Deleting')");
            table.HasCheckConstraint("ck_deployments_namespace",
                "namespace ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'");
        });

        deployment.Property(d => d.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        deployment.Ignore(d => d.ReportedStatusName);
        deployment.Property(d => d.Status).HasConversion<string>();
        deployment.Property(d => d.Config).HasDefaultValueSql("'{}'");
        deployment.Property(d => d.ValuesOverride).HasDefaultValueSql("'{}'");

        // Two live deployments never share a namespace, nor a name within their kind.
        deployment.HasIndex(d => new { d.ClusterId, d.Namespace }).IsUnique().HasFilter("deleted_at IS NULL")
            .HasDatabaseName(OneNamespace);
        deployment.HasIndex(d => new { d.KindId, d.ClusterId });

        deployment.HasOne<Kind>().WithMany().HasForeignKey(d => d.KindId).OnDelete(DeleteBehavior.Restrict);
        deployment.HasOne<Cluster>().WithMany().HasForeignKey(d => d.ClusterId).OnDelete(DeleteBehavior.Restrict);
        deployment.HasOne<Chart>().WithMany().HasForeignKey(d => d.HelmChartId).OnDelete(DeleteBehavior.Restrict);
        deployment.HasOne<DeploymentTask>().WithMany().HasForeignKey(d => d.RevisionId)
            .OnDelete(DeleteBehavior.Restrict);
    }

    public const string OneNamespace = "ix_deployments_one_namespace";
}

internal sealed class DeploymentCredentialMapping : IEntityTypeConfiguration<DeploymentCredential>
{
    public void Configure(EntityTypeBuilder<DeploymentCredential> credential)
    {
        credential.ToTable("deployment_credentials").HasKey(c => c.DeploymentId);
        credential.HasIndex(c => c.ExpiresAt);
        credential.HasOne<Deployment>().WithOne().HasForeignKey<DeploymentCredential>(c => c.DeploymentId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DeploymentDependencyMapping : IEntityTypeConfiguration<DeploymentDependency>
{
    public void Configure(EntityTypeBuilder<DeploymentDependency> dependency)
    {
        dependency.ToTable("deployment_dependencies", table => table.HasCheckConstraint(
            "ck_deployment_dependencies_kind", "kind IN ('Deployment', 'Secret', 'Resource')"));
        dependency.HasKey(d => new { d.DeploymentId, d.Kind, d.TargetId });
        dependency.Property(d => d.Kind).HasConversion<string>();
        dependency.HasIndex(d => new { d.TargetId, d.Kind });
        dependency.HasOne<Deployment>().WithMany().HasForeignKey(d => d.DeploymentId)
            .OnDelete(DeleteBehavior.Restrict);
    }
}
